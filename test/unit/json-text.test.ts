import { describe, expect, it } from 'vitest';
import { toCleanText } from '../../src/json-text.js';
import { WireChanges } from '../../src/wire-rules.js';
import { fc } from '../support/seeded-check.js';

/** The clean text, and what was said to have been changed. */
function clean(text: string): { readonly text: string; readonly kinds: readonly string[] | undefined } {
  const changes = new WireChanges();
  return { text: toCleanText(text, changes), kinds: changes.kinds };
}

const lists = (depth: number): string => `${'['.repeat(depth)}1${']'.repeat(depth)}`;

describe('a text that may leave', () => {
  it.each([
    'plain',
    '😀 東京',
    '{"a":1.0,"b":[1, 2],  "big":12345678901234567890}',
    '["\\ud83d\\ude00","tab\\t","quote\\"","\\\\u0000 in words"]',
    'no JSON: "\\ud83d"',
    '{"cut":"\\ud83d',
    lists(90),
    '[[[[ not JSON '.repeat(100),
    `[${'{"a":1},'.repeat(500)}{}]`,
  ])('stays the same text: %#', (text) => {
    expect(clean(text)).toEqual({ text, kinds: undefined });
  });

  it.each([
    ['half an emoji', 'cut \ud83d', 'cut \u{FFFD}'],
    ['U+0000', 'a\0b', 'a\u{FFFD}b'],
    ['half an emoji as an escape', '{"a": "x\\ud83d", "n":1.0}', '{"a": "x\u{FFFD}", "n":1.0}'],
    ['U+0000 as an escape, in a key', ' {"a\\u0000":[]}', ' {"a\u{FFFD}":[]}'],
    ['a text that is JSON as a whole', '"\\uDC00"', '"\u{FFFD}"'],
    ['escapes in capitals', '["\\uD83D"]', '["\u{FFFD}"]'],
    ['the second half first', '["\\ude00\\ud83d"]', '["\u{FFFD}\u{FFFD}"]'],
    ['half an emoji whose escape is written in escapes', '["\\u0022\\u005cud83d\\u0022"]', '["\\"\u{FFFD}\\""]'],
    ['half an emoji behind an escaped u', '["\\"\\\\\\u0075d83d\\""]', '["\\"\u{FFFD}\\""]'],
    ['U+0000 of which a digit is an escape', '["\\"\\\\u000\\u0030\\""]', '["\\"\u{FFFD}\\""]'],
    ['JSON text in JSON text', JSON.stringify({ a: '["\\ud83d"]' }), JSON.stringify({ a: '["\u{FFFD}"]' })],
  ])('has no %s', (_, text, expected) => {
    expect(clean(text)).toEqual({ text: expected, kinds: ['unicode'] });
  });

  it('holds what is nested too deep as JSON text', () => {
    const { text, kinds } = clean(` ${lists(120)}`);
    expect(kinds).toEqual(['depth']);
    let value: unknown = JSON.parse(text);
    for (let level = 0; level < 90; level++) [value] = value as unknown[];
    expect(value).toBe(lists(30));
  });

  it('names what is too deep for that as well, in linear time', () => {
    const { text } = clean(lists(200_000));
    expect(text.length).toBeLessThan(1_000);
    expect(text).toContain('[nested too deep]');
  });

  it('mends JSON text that is nested too deep in JSON text', () => {
    const { text, kinds } = clean(JSON.stringify({ reply: lists(500) }));
    expect(kinds).toEqual(['depth']);
    expect(clean(text)).toEqual({ text, kinds: undefined });
  });

  it('sees brackets of JSON text in JSON text that are written as escapes', () => {
    const { text, kinds } = clean(`["${lists(200).replaceAll('[', '\\u005b')}"]`);
    expect(kinds).toEqual(['depth']);
    expect(JSON.parse((JSON.parse(text) as readonly [string])[0])).toBeDefined();
    expect(text).toBe(clean(JSON.stringify([lists(200)])).text);
  });

  it.each(['"\\u003ch1\\u003e \\u0026 \\u0027it\\u0027"', '{"a":"caf\\u00e9 \\u4e2d"}'])(
    'keeps escapes that hide nothing: %s',
    (text) => expect(clean(text)).toEqual({ text, kinds: undefined }),
  );

  it('needs no second mending, and JSON stays JSON', () => {
    const piece = fc.constantFrom(
      '\\ud83d',
      '\\ude00',
      '\\u0000',
      '\\u005c',
      '\\u0022',
      '\\u0075',
      '\\u005B',
      '\\\\',
      '\\"',
      'x',
      '[',
      '{',
      '"',
      ':',
      ',',
      '}',
      ']',
      '\ud83d',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.boolean(), (pieces, isWrapped) => {
        const text = isWrapped ? `["${pieces.join('')}"]` : pieces.join('');
        const mended = toCleanText(text);
        expect(toCleanText(mended)).toBe(mended);
        expect(isJson(mended)).toBe(isJson(text));
      }),
      { numRuns: 2_000 },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
