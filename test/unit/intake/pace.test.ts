import { describe, expect, it } from 'vitest';
import { Pace } from '../../../src/intake/pace.js';

describe('the pace of spans', () => {
  it('is a guess before any was measured', () => {
    expect(new Pace().msFor(1_000, 50)).toBeCloseTo(100);
  });

  it('follows what was measured, the latest most', () => {
    const pace = new Pace();
    for (let n = 0; n < 40; n++) pace.slice(10, 20);
    expect(pace.msFor(100, 50)).toBeCloseTo(200, 0);
    for (let n = 0; n < 40; n++) pace.slice(10, 5);
    expect(pace.msFor(100, 50)).toBeCloseTo(50, 0);
  });

  it('counts the turns of others, which longer slices make fewer', () => {
    const pace = new Pace();
    for (let n = 0; n < 60; n++) {
      pace.slice(5, 5);
      pace.pause(45);
    }
    expect(pace.msFor(100, 5)).toBeCloseTo(1_000, 0);
    expect(pace.msFor(100, 45)).toBeCloseTo(200, 0);
  });

  it('learns nothing from a slice without spans', () => {
    const pace = new Pace();
    pace.slice(0, 1_000);
    expect(pace.msFor(10, 50)).toBeCloseTo(1);
  });
});
