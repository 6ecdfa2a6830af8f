import { describe, expect, it } from 'vitest';
import { Pacing } from '../../../src/delivery/pacing.js';

const limitsAfter = (pacing: Pacing, successes: number): number[] =>
  Array.from({ length: successes }, () => {
    pacing.succeed();
    return pacing.limit;
  });

describe('pacing', () => {
  it('doubles with each success until the most', () => {
    expect(limitsAfter(new Pacing({ initial: 2, max: 12 }), 4)).toEqual([4, 8, 12, 12]);
  });

  it('halves under strain, down to one, and comes back one by one', () => {
    const pacing = new Pacing({ initial: 4, max: 12 });
    pacing.strain();
    expect(pacing.limit).toBe(2);
    expect(limitsAfter(pacing, 5)).toEqual([2, 3, 3, 3, 4]);
    for (let strain = 0; strain < 5; strain++) pacing.strain();
    expect(pacing.limit).toBe(1);
  });

  it('begins with one after an outage, and doubles again', () => {
    const pacing = new Pacing({ initial: 4, max: 12 });
    pacing.strain();
    pacing.restart();
    expect(pacing.limit).toBe(1);
    expect(limitsAfter(pacing, 4)).toEqual([2, 4, 8, 12]);
  });
});
