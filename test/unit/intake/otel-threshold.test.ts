import { describe, expect, it } from 'vitest';
import { thresholdIn, withThreshold } from '../../../src/intake/otel-threshold.js';
import { fc } from '../../support/seeded-check.js';

const ID = '0af7651916cd43dd84c0000000000000';

describe('the threshold in a tracestate', () => {
  it.each([
    ['', undefined],
    ['vendor=th:8', undefined],
    ['ot=rv:c0000000000000', undefined],
    ['ot=th:xyz', undefined],
    // Randomness below the threshold: whoever wrote it did not sample by it.
    ['ot=th:c;rv:80000000000000', undefined],
    ['ot=th:0', { probability: 1, fraction: 1 - 0xc0 / 256 }],
    ['ot=th:8', { probability: 0.5, fraction: 0.5 }],
    ['vendor=1, ot=rv:e0000000000000;th:8', { probability: 0.5, fraction: 0.25 }],
    ['ot=th:c;rv:c0000000000000', { probability: 0.25, fraction: 1 }],
  ])('of %j is %j', (traceState, expected) => {
    const found = thresholdIn(traceState, ID);
    if (expected === undefined) expect(found).toBeUndefined();
    else {
      expect(found?.probability).toBe(expected.probability);
      expect(found?.fraction).toBeCloseTo(expected.fraction, 12);
      expect(found?.fraction).toBeLessThan(1);
    }
  });

  it('keeps at a rate exactly those that a further stage of the specification would keep', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f]{14}$/), fc.double({ min: 0.001, max: 1, noNaN: true }), (rv, rate) => {
        const ambient = thresholdIn(`ot=th:8;rv:${rv}`, ID);
        if (ambient === undefined) return;
        const threshold = /th:([0-9a-f]+)/.exec(withThreshold('ot=th:8', 0.5 * rate))?.[1]?.padEnd(14, '0') ?? '';
        expect(ambient.fraction < rate).toBe(rv >= threshold);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is replaced where it stands, and nothing else', () => {
    expect(withThreshold('a=1,ot=rv:01234567890123;th:8,b=th:8', 0.25)).toBe('a=1,ot=rv:01234567890123;th:c,b=th:8');
    expect(withThreshold('ot=th:8', 1)).toBe('ot=th:0');
  });
});
