import { describe, expect, it } from 'vitest';
import { savingTime } from '../../../src/lifecycle/saving-time.js';

describe('the time that a shutdown keeps for the disk', () => {
  it('is the least there must be when little waits', () => {
    expect(savingTime(10_000, 1_000, 0)).toBe(1_000);
    expect(savingTime(10_000, 1_000, 400)).toBe(1_000);
  });

  it('grows with what has to become a record first', () => {
    expect(savingTime(10_000, 1_000, 2_000)).toBe(4_000);
  });

  it('leaves something for sending, whatever waits', () => {
    expect(savingTime(10_000, 1_000, 60_000)).toBe(9_000);
  });
});
