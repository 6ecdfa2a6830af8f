import { describe, expect, it } from 'vitest';
import { RetryBudget, retryDelayMs } from '../../../src/delivery/retry.js';
import { fc } from '../../support/seeded-check.js';

const WAITS = { initialMs: 500, maxMs: 30_000 };

describe('the wait before an attempt', () => {
  it('is anything up to a ceiling that doubles', () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 8].map((attempt) => retryDelayMs(attempt, WAITS, undefined, () => 1));
    expect(longest).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(retryDelayMs(5, WAITS, undefined, () => 0)).toBe(0);
  });

  it('is never less than what the server asked for, nor much more, for any number of attempts', () => {
    const random = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        fc.integer({ min: 0, max: 900_000 }),
        random,
        (attempt, after, at) => {
          const wait = retryDelayMs(attempt, WAITS, after, () => at);
          expect(wait).toBeGreaterThanOrEqual(after);
          expect(wait).toBeLessThanOrEqual(Math.max(WAITS.maxMs, after + 1_000));
        },
      ),
    );
  });
});

describe('the budget of repeats', () => {
  it('is ten, twenty where the server asked to wait', () => {
    const taken = (isThrottled: boolean): number => {
      const budget = new RetryBudget();
      let count = 0;
      while (budget.take(isThrottled)) count++;
      return count;
    };
    expect([taken(false), taken(true)]).toEqual([10, 20]);
  });

  it('keeps repeats to a fifth of the successes in the long run, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 2_000 }), (results) => {
        const budget = new RetryBudget();
        let repeats = 0;
        let successes = 0;
        for (const isSuccess of results) {
          if (isSuccess) {
            successes++;
            budget.refund();
          } else if (budget.take(false)) repeats++;
        }
        expect(repeats).toBeLessThanOrEqual(10 + successes * 0.2 + 1e-6);
      }),
    );
  });
});
