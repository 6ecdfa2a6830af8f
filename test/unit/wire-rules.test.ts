import { describe, expect, it } from 'vitest';
import {
  cutText,
  isCost,
  isPromptVersion,
  isTokenCount,
  toEnvironment,
  toWellText,
  WireChanges,
} from '../../src/wire-rules.js';

describe('the rules of what may leave', () => {
  it('take a well-formed text as it is', () => {
    const changes = new WireChanges();
    expect(toWellText('😀 fine', changes)).toBe('😀 fine');
    expect(changes.kinds).toBeUndefined();
  });

  it('make one character of half a pair and of U+0000', () => {
    const changes = new WireChanges();
    expect(toWellText('a\ud83d\0b', changes)).toBe('a\u{FFFD}\u{FFFD}b');
    expect(changes.kinds).toEqual(['unicode']);
  });

  it('cut between characters, never within one', () => {
    expect(cutText('😀😀', 3)).toBe('😀');
    expect(cutText('😀😀', 4)).toBe('😀😀');
  });

  it.each([
    [0, true],
    [2 ** 53 - 1, true],
    [2 ** 53, false],
    [-1, false],
    [0.5, false],
    [Number.NaN, false],
    ['5', false],
  ])('count %s tokens: %s', (value, expected) => expect(isTokenCount(value)).toBe(expected));

  it.each([
    [0, true],
    [999_999.999, true],
    [1_000_000, false],
    [-0.1, false],
    [Number.POSITIVE_INFINITY, false],
    [Number.NaN, false],
  ])('cost %s dollars: %s', (value, expected) => expect(isCost(value)).toBe(expected));

  it.each([
    [1, true],
    [65_535, true],
    [65_536, false],
    [0, false],
    [1.5, false],
  ])('know a prompt of version %s: %s', (value, expected) => expect(isPromptVersion(value)).toBe(expected));

  it.each([
    ['production', 'production', undefined],
    ['Production', 'production', ['environment']],
    ['langfuse-dev', 'dev', ['environment']],
    ['langfuselangfuse', 'default', ['environment']],
    ['eu/west', 'default', ['environment']],
    ['x'.repeat(50), 'x'.repeat(40), ['environment']],
  ])('call the environment %s %s', (name, expected, kinds) => {
    const changes = new WireChanges();
    expect(toEnvironment(name, changes)).toBe(expected);
    expect(changes.kinds).toEqual(kinds);
  });
});
