import { describe, expect, it } from 'vitest';
import { SizeLimit } from '../../../src/delivery/size-limit.js';

describe('the size of requests', () => {
  it('is the option until something is refused', () => {
    const limit = new SizeLimit(3_000_000);
    limit.accepted(3_000_000);
    expect(limit.bytes).toBe(3_000_000);
  });

  it('falls below what was refused, once for requests that were refused at the same time', () => {
    const limit = new SizeLimit(3_000_000);
    for (let n = 0; n < 4; n++) limit.tooLarge(2_000_000, 100);
    expect(limit.bytes).toBe(1_600_000);
  });

  it('falls further for a record that is alone', () => {
    const limit = new SizeLimit(3_000_000);
    limit.tooLarge(2_000_000, 1);
    expect(limit.bytes).toBe(1_000_000);
  });

  it('never falls to nothing', () => {
    const limit = new SizeLimit(3_000_000);
    for (let n = 0; n < 100; n++) limit.tooLarge(limit.bytes, 1);
    expect(limit.bytes).toBe(65_536);
  });

  it('comes near what was refused with successes, and beyond it only after many', () => {
    const limit = new SizeLimit(3_000_000);
    limit.tooLarge(2_000_000, 100);
    for (let n = 0; n < 199; n++) limit.accepted(limit.bytes);
    expect(limit.bytes).toBe(1_900_000);
    for (let n = 0; n < 2_000; n++) limit.accepted(limit.bytes);
    expect(limit.bytes).toBe(3_000_000);
  });

  it('learns nothing from small requests', () => {
    const limit = new SizeLimit(3_000_000);
    limit.tooLarge(2_000_000, 100);
    for (let n = 0; n < 100; n++) limit.accepted(1_000);
    expect(limit.bytes).toBe(1_600_000);
  });
});
