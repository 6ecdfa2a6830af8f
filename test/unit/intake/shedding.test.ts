import { describe, expect, it } from 'vitest';
import { calm, type Load, next, type Shedding } from '../../../src/intake/shedding.js';
import { fc } from '../../support/seeded-check.js';

const MARKS = { high: 0.7, low: 0.4, leastRate: 0.01 };
const QUIET: Load = { now: 0, utilization: 0.2, capacity: 1_000, offered: 50, protectedOffered: 0, drained: 50 };

/** Looks twice a second at loads that are alike. */
function look(state: Shedding, load: Partial<Load>, times: number): Shedding {
  let after = state;
  for (let n = 0; n < times; n++) after = next(after, { ...QUIET, ...load, now: after.at + 500 }, MARKS);
  return after;
}

describe('shedding', () => {
  it('does not begin with a burst that is gone within a second', () => {
    const burst = look(calm(0), { utilization: 0.9 }, 2);
    expect(burst.isActive).toBe(false);
    expect(look(burst, {}, 1)).toMatchObject({ isActive: false, since: undefined, rate: 1 });
  });

  it('begins when the high mark was held for a second, and at once when nearly all is full', () => {
    expect(look(calm(0), { utilization: 0.71 }, 3).isActive).toBe(true);
    expect(look(calm(0), { utilization: 0.95 }, 1).isActive).toBe(true);
  });

  it('comes to the share of what is offered that can be drained', () => {
    const state = look(calm(0), { utilization: 0.8, offered: 2_500, drained: 500 }, 20);
    const settled = look(state, { utilization: 0.55, offered: 2_500, drained: 500 }, 60);
    expect(settled.rate).toBeCloseTo(0.2, 2);
  });

  it('leaves what protected traces need out of what the others share', () => {
    const load = { utilization: 0.55, offered: 2_000, protectedOffered: 300, drained: 500 };
    expect(look(look(calm(0), { ...load, utilization: 0.96 }, 10), load, 60).rate).toBeCloseTo(0.1, 2);
  });

  it('ends when the rate is 1 again, the low mark is passed, and ten seconds are over', () => {
    let state = look(calm(0), { utilization: 0.96, offered: 5_000, drained: 500 }, 10);
    const begun = state.since ?? 0;
    while (state.isActive) state = look(state, {}, 1);
    expect(state.at - begun).toBeGreaterThanOrEqual(10_000);
    expect(state.at - begun).toBeLessThan(60_000);
  });

  it('keeps its rate between the floor and 1, and at 1 while it is not active, whatever comes', () => {
    const count = fc.nat(1_000_000);
    const load = fc.record({
      utilization: fc.double({ min: 0, max: 1.5, noNaN: true }),
      capacity: fc.double({ min: 0, max: 1e6, noNaN: true }),
      offered: count,
      protectedOffered: count,
      drained: count,
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(load, fc.integer({ min: 0, max: 5_000 })), { maxLength: 50 }), (loads) => {
        let state = calm(0);
        for (const [seen, elapsedMs] of loads) {
          state = next(state, { ...seen, now: state.at + elapsedMs }, MARKS);
          expect(state.rate).toBeGreaterThanOrEqual(MARKS.leastRate);
          expect(state.rate).toBeLessThanOrEqual(1);
          if (!state.isActive) expect(state.rate).toBe(1);
        }
      }),
    );
  });
});
