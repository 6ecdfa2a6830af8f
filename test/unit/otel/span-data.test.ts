import { describe, expect, it } from 'vitest';
import { toSpanData } from '../../../src/otel/span-data.js';
import type { HrTime } from '../../../src/span.js';
import { spanLike } from '../../support/spans.js';

describe('the times of a span', () => {
  it.each<readonly [HrTime, string]>([
    [[10_413_791_999, 999_999_999], 'the end of 2299'],
    [[0, 0], 'the beginning'],
  ])('may be %j: %s', (startTime) => {
    expect(toSpanData(spanLike({ startTime, endTime: startTime }))).toMatchObject({ startTime, endTime: startTime });
  });

  it.each<HrTime>([
    [10_413_792_000, 0],
    [18_446_744_074, 0],
    [253_402_300_799, 999_999_999],
  ])('are those of the other end where the database or the wire has no room for them: %j', (...endTime) => {
    const startTime: HrTime = [1_790_000_000, 5];
    expect(toSpanData(spanLike({ startTime, endTime })).endTime).toEqual(startTime);
  });
});
