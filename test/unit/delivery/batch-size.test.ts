import { describe, expect, it } from 'vitest';
import { BatchSize } from '../../../src/delivery/batch-size.js';
import { DEFAULTS } from '../../../src/options/defaults.js';

const sized = (flushAt?: number) => new BatchSize({ flushAt, ...DEFAULTS.flushAt });

describe('the size of a batch', () => {
  it('is 512 on OTLP and grows with the backlog to 2,048', () => {
    const size = sized();
    expect([0, 512, 900, 5_000].map((backlog) => size.next('otlp', backlog))).toEqual([512, 512, 900, 2_048]);
  });

  it('is what the user says, at most', () => {
    const size = sized(20);
    expect([size.next('otlp', 5_000), size.next('ingestion', 5_000)]).toEqual([20, 20]);
    size.observe('ingestion', 20, 1, false);
    expect(size.next('ingestion', 5_000)).toBe(20);
  });

  it('on ingestion grows towards answers of a second, up to 512', () => {
    const size = sized();
    const sizes: number[] = [];
    for (let answer = 0; answer < 5; answer++) {
      sizes.push(size.next('ingestion', 5_000));
      size.observe('ingestion', size.next('ingestion', 5_000), 100, false);
    }
    expect(sizes).toEqual([50, 100, 200, 400, 512]);
  });

  it('on ingestion halves after a slow answer or a time-out, down to 10', () => {
    const size = sized();
    const sizes: number[] = [];
    for (let answer = 0; answer < 4; answer++) {
      size.observe('ingestion', size.next('ingestion', 5_000), 4_000, answer % 2 === 0);
      sizes.push(size.next('ingestion', 5_000));
    }
    expect(sizes).toEqual([25, 12, 10, 10]);
  });

  it('does not grow on answers to batches that were not full', () => {
    const size = sized();
    size.observe('ingestion', 3, 1, false);
    expect(size.next('ingestion', 0)).toBe(50);
  });
});
