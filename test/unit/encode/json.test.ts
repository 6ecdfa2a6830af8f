import { describe, expect, it } from 'vitest';
import { asText, toJson } from '../../../src/encode/json.js';
import { quote } from '../../../src/encode/quote.js';
import { fc } from '../../support/seeded-check.js';

/** Levels of lists. */
function depthOf(value: unknown): number {
  let depth = 0;
  for (let at = value; Array.isArray(at); at = at[0]) depth++;
  return depth;
}

const parse = (json: string | undefined): unknown => JSON.parse(json ?? 'null');

class WordyDate extends Date {
  override toISOString(): string {
    return 'say "\\ud83d"';
  }
}

class Pairless extends Map {
  override *[Symbol.iterator](): ReturnType<Map<unknown, unknown>[typeof Symbol.iterator]> {
    yield 1 as never;
  }
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function givenAway(): Uint8Array {
  const bytes = new Uint8Array(8);
  structuredClone(bytes, { transfer: [bytes.buffer] });
  return bytes;
}

function turning(): object {
  let deep: unknown = 1;
  return {
    get next() {
      const now = deep;
      for (let level = 0; level < 500; level++) deep = [deep];
      return now;
    },
  };
}

describe('JSON that may leave', () => {
  it('agrees with JSON.stringify on every JSON value of well-formed text', () => {
    const key = fc.string({ unit: 'grapheme' }).filter((k) => k !== '__proto__');
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        fc.string({ unit: 'grapheme' }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(key, tie('any'), { maxKeys: 4 }),
      ),
    })).any;
    fc.assert(
      fc.property(value, (v) => {
        expect(toJson(v)).toBe(JSON.stringify(v).replaceAll('\\u0000', '\u{FFFD}'));
      }),
    );
  });

  it.each<[string, unknown, unknown]>([
    ['a lone surrogate', 'cut \ud83d', 'cut \u{FFFD}'],
    ['a NUL', 'a\0b', 'a\u{FFFD}b'],
    ['NaN', Number.NaN, 'NaN'],
    ['infinity', Number.NEGATIVE_INFINITY, '-Infinity'],
    ['a BigInt', 12345678901234567890n, '12345678901234567890'],
    ['bytes', new Uint8Array([1, 2, 3]), 'AQID'],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['an invalid date', new Date(Number.NaN), null],
    ['a map', new Map([['a', 1]]), { a: 1 }],
    ['a map whose key has no text', new Map([[Object.create(null) as object, 1]]), { '[no text]': 1 }],
    ['a set', new Set([1, 2]), [1, 2]],
    ['undefined in a list', [undefined, 1], [null, 1]],
    ['undefined in an object', { a: undefined, b: 1 }, { b: 1 }],
    ['a function and a symbol', { f() {}, s: Symbol('s'), k: 1 }, { k: 1 }],
    ['a date whose class says it in other words', new WordyDate(0), '1970-01-01T00:00:00.000Z'],
    ['something that is no date', Object.create(Date.prototype), {}],
    [
      'an object of which one field throws',
      {
        a: 1,
        b: {
          get c() {
            throw new Error('no');
          },
        },
      },
      { a: 1, b: '[unreadable]' },
    ],
    ['a revoked proxy', [revoked(), 1], ['[unreadable]', 1]],
    ['a proxy of a date', new Proxy(new Date(0), {}), {}],
    ['bytes that were given away', [givenAway(), 1], ['[unreadable]', 1]],
    ['a map that gives no pairs', [new Pairless(), 1], ['[unreadable]', 1]],
    [
      'a __proto__ that is one only as a text',
      new Map<unknown, unknown>([
        [['__proto__'], 1],
        ['a', 2],
      ]),
      { a: 2 },
    ],
    ['an object that gives something else each time', turning(), { next: 1 }],
    ['an own __proto__ key', JSON.parse('{"__proto__":1,"a":2}'), { a: 2 }],
    [
      'an object with a hostile toJSON',
      {
        toJSON: () => {
          throw new Error('no');
        },
        a: 1,
      },
      { a: 1 },
    ],
  ])('writes %s as something a server keeps', (_, value, expected) => {
    expect(parse(toJson(value))).toEqual(expected);
  });

  it('has no word for undefined, functions and symbols by themselves', () => {
    for (const value of [undefined, () => {}, Symbol('s')]) expect(toJson(value)).toBeUndefined();
  });

  it('names a cycle and goes on, also when the same object merely appears twice', () => {
    const twice = { x: 1 };
    const loop: { self?: unknown; a: unknown; b: unknown } = { a: twice, b: twice };
    loop.self = loop;
    expect(parse(toJson(loop))).toEqual({ a: { x: 1 }, b: { x: 1 }, self: '[circular]' });
  });

  it('stops at a depth that every server reads', () => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 20_000; level++) deep = [deep];
    const json = toJson(deep) ?? '';
    expect(depthOf(JSON.parse(json))).toBe(90);
    // What lies deeper is JSON text, as deep as that once more.
    const inner = JSON.parse(JSON.parse(`"${/"(\[.*\])"/.exec(json)?.[1] ?? ''}"`) as string) as unknown;
    expect(depthOf(inner)).toBe(90);
    expect(JSON.stringify(inner)).toContain('[nested too deep]');
  });

  it('turns structures into text exactly once', () => {
    expect(asText('{"a":1}')).toBe('"{\\"a\\":1}"');
    expect(asText(quote('text'))).toBe('"text"');
  });
});
