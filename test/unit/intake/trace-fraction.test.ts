import { describe, expect, it } from 'vitest';
import { fractionOf } from '../../../src/intake/trace-fraction.js';
import { fc } from '../../support/seeded-check.js';

const traceId = fc.stringMatching(/^[0-9a-f]{32}$/);
const numbered = (n: number): string => n.toString(16).padStart(32, '0');

describe('the fraction of a trace id', () => {
  it('is in [0, 1), whatever the id is', () => {
    fc.assert(
      fc.property(fc.oneof(traceId, fc.string()), (id) => {
        const fraction = fractionOf(id);
        expect(fraction).toBeGreaterThanOrEqual(0);
        expect(fraction).toBeLessThan(1);
      }),
    );
  });

  it.each([
    ['0af7651916cd43dd8448eb211c80319c', 0.41553698541560513],
    ['00000000000000000000000000000000', 0.2972626486095069],
    ['ffffffffffffffffffffffffffffffff', 0.9794508071891498],
  ])('of %s is the same in every process and every version', (id, fraction) => {
    expect(fractionOf(id)).toBe(fraction);
  });

  it.each<[string, (n: number) => string]>([
    ['ids that count up', numbered],
    ['ids that differ in their first word', (n) => numbered(n).split('').reverse().join('')],
    ['64-bit ids', (n) => ((BigInt(n) * 0x9e3779b97f4a7c15n) % (1n << 64n)).toString(16).padStart(32, '0')],
  ])('is spread evenly over %s', (_, idOf) => {
    const counts = new Uint32Array(100);
    const total = 100_000;
    for (let n = 0; n < total; n++) {
      const place = Math.floor(fractionOf(idOf(n)) * 100);
      counts[place] = (counts[place] ?? 0) + 1;
    }
    const expected = total / 100;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 99 degrees of freedom: 1 in 10,000 is above 161.
    expect(chiSquare).toBeLessThan(161);
  });

  it('has nothing to do with the end of the id, which OpenTelemetry samplers look at', () => {
    let kept = 0;
    for (let n = 0; n < 20_000; n++) {
      const id = `${((n * 0x9e3779b1) >>> 0).toString(16).padStart(18, '0')}${'f'.repeat(14)}`;
      if (fractionOf(id) < 0.5) kept++;
    }
    expect(kept / 20_000).toBeCloseTo(0.5, 1);
  });
});
