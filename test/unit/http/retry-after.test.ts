import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from '../../../src/http/retry-after.js';
import { fc } from '../../support/seeded-check.js';

const NOW = Date.parse('2026-11-24T10:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['2', 2_000],
    ['0', 0],
    ['1.5', 1_500],
    [' 7 ', 7_000],
    ['1000000000', 900_000],
    ['-5', undefined],
    ['abc', undefined],
    ['', undefined],
    ['NaN', undefined],
  ])('reads %j as %s ms', (header, expected) => {
    expect(parseRetryAfter(header, undefined, NOW)).toBe(expected);
  });

  it('measures a date against the Date of the answer, so that a wrong clock on either side does not matter', () => {
    const serverNow = 'Tue, 24 Nov 2026 09:00:00 GMT';
    expect(parseRetryAfter('Tue, 24 Nov 2026 09:00:30 GMT', serverNow, NOW)).toBe(30_000);
  });

  it('measures a date against our own clock when the answer has no Date', () => {
    expect(parseRetryAfter('Tue, 24 Nov 2026 10:00:10 GMT', undefined, NOW)).toBe(10_000);
    expect(parseRetryAfter('Tue, 24 Nov 2026 10:00:10 GMT', 'yesterday', NOW)).toBe(10_000);
  });

  it('takes a date in the past for no wait asked', () => {
    expect(parseRetryAfter('Tue, 24 Nov 2026 09:00:00 GMT', undefined, NOW)).toBeUndefined();
  });

  it('gives a usable wait or none for any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (header, date) => {
        const wait = parseRetryAfter(header, date, NOW);
        expect(wait === undefined || (wait >= 0 && wait <= 900_000)).toBe(true);
      }),
    );
  });
});
