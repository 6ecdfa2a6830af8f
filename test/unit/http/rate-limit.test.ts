import { describe, expect, it } from 'vitest';
import { restUntilReset } from '../../../src/http/rate-limit.js';
import { fc } from '../../support/seeded-check.js';

const NOW = Date.parse('2026-11-24T10:00:00Z');

const rest = (remaining: string, reset: string, date?: string): number | undefined =>
  restUntilReset({ headers: { 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': reset, date } }, NOW);

describe('a rate limit that is used up', () => {
  it.each([
    ['Tue Nov 24 2026 10:00:07 GMT+0000 (Coordinated Universal Time)', 7_000],
    [String(NOW / 1000 + 3), 3_000],
    [String(NOW + 2_500), 2_500],
    ['12', 12_000],
    ['0.5', 500],
    ['86400', 60_000],
    ['Tue Nov 24 2026 09:59:00 GMT+0000', undefined],
    ['0', undefined],
    ['-5', undefined],
    ['soon', undefined],
    ['', undefined],
  ])('until %j is a rest of %s ms', (reset, expected) => {
    expect(rest('0', reset)).toBe(expected);
  });

  it('is measured by the clock of the server', () => {
    const serverNow = 'Tue, 24 Nov 2026 09:00:00 GMT';
    expect(rest('0', 'Tue Nov 24 2026 09:00:05 GMT+0000', serverNow)).toBe(5_000);
  });

  it('is none while something is left, or when nothing is said', () => {
    expect([rest('1', '12'), rest('many', '12'), rest('', '12')]).toEqual([undefined, undefined, undefined]);
    expect(restUntilReset({ headers: {} }, NOW)).toBeUndefined();
  });

  it('is at most a minute, for any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.option(fc.string(), { nil: undefined }), (remaining, reset, date) => {
        const ms = rest(remaining, reset, date);
        expect(ms === undefined || (ms > 0 && ms <= 60_000)).toBe(true);
      }),
    );
  });
});
