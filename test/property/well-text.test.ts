import { describe, expect, it } from 'vitest';
import { toCleanText } from '../../src/json-text.js';
import { isWellText } from '../../src/well-text.js';
import { MAX_VALUE_DEPTH } from '../../src/wire-rules.js';
import { fc } from '../support/seeded-check.js';

const piece = fc.constantFrom(
  'a',
  '"',
  '\\',
  '[',
  'é',
  '→',
  '一',
  '가',
  '\u{ffff}',
  '😀',
  '\ud83d',
  '\ude00',
  '\0',
  '\u{8000}',
  'Ā',
);
/** From here on texts with wide characters are copied first. */
const LEAST_LENGTH = 256;
const PIECE = 16_384;

/** Long enough to be looked at in several pieces, with what matters at any place: also where two pieces meet. */
const longText = fc
  .tuple(
    fc.constantFrom(LEAST_LENGTH, PIECE),
    fc.constantFrom('a', '→', '😀', '가'),
    fc.integer({ min: -6, max: 6 }),
    fc.array(piece, { maxLength: 12 }),
    fc.integer({ min: 0, max: 5_000 }),
  )
  .map(([length, filling, shift, middle, after]) => {
    const before = filling.repeat(Math.floor((length + shift) / filling.length));
    return `→${before}${middle.join('')}${filling.repeat(after)}`;
  });

const anyText = fc.oneof(
  fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
  fc.array(piece, { maxLength: 60 }).map((pieces) => `→${'x'.repeat(2_048)}${pieces.join('')}`),
  longText,
);

describe('the quick look at a text', () => {
  it('says of any text what the two slow searches say', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(isWellText(text)).toBe(text.isWellFormed() && !text.includes('\0'));
      }),
      { numRuns: 3_000 },
    );
  }, 60_000);

  it.each(['\0', '\ud83d', '\ude00', '\ude00\ud83d'])(
    'finds %j at every place of a block, and at the seams',
    (fault) => {
      for (const filling of ['→', '가', '😀']) {
        for (const at of [0, 1, 2, 3, 4, 5, 2_047, PIECE - 2, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE - 1]) {
          const text = `${filling}${'x'.repeat(at)}${fault}${'y'.repeat(3_000)}`;
          expect(isWellText(text)).toBe(false);
          expect(isWellText(`${text.slice(0, -3_000).padStart(3_000, '→')}`)).toBe(false);
        }
      }
    },
  );

  it('takes pairs for whole wherever they stand', () => {
    for (let at = PIECE - 6; at < PIECE + 6; at++) expect(isWellText(`→${'x'.repeat(at)}${'😀'.repeat(4)}`)).toBe(true);
  });
});

const nested = (depth: number, inner: string): string => `${'['.repeat(depth)}${inner}${']'.repeat(depth)}`;

const jsonText = fc
  .record({
    depth: fc.constantFrom(0, 1, 44, 45, 88, 89, 90, 91, 92, 200),
    text: fc.array(
      fc.constantFrom(
        '\\ud83d',
        '\\ude00',
        '\\u0000',
        '\\u005b',
        '\\u005cud83d',
        '\\\\u0000',
        '\\"',
        '[',
        '{',
        ']',
        'x',
        '→',
        '\\\\',
        '[[[[',
      ),
      { maxLength: 20 },
    ),
    around: fc.constantFrom(
      (json: string) => json,
      (json: string) => ` \n${json}`,
      (json: string) => `{"say":${json},"flat":[[],[]]}`,
      (json: string) => JSON.stringify({ say: json, more: '['.repeat(100) }),
      (json: string) => `${'[],'.repeat(100)}${json}`,
      (json: string) => `[${'[],'.repeat(100)}${json}]`,
      (json: string) => `{"cut":${json}`,
    ),
  })
  .map(({ depth, text, around }) => around(nested(depth, `"${text.join('')}"`)));

/** The rules, as plainly as they can be written. */
function needsMending(text: string): boolean {
  if (!text.isWellFormed() || text.includes('\0')) return true;
  if (!/^\s*["[{]/.test(text)) return false;
  try {
    return breaksRules(JSON.parse(text), 0);
  } catch {
    return false;
  }
}

function breaksRules(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return needsMending(value);
  if (typeof value !== 'object' || value === null) return false;
  if (depth === MAX_VALUE_DEPTH) return true;
  return Object.entries(value).some(([key, inner]) => needsMending(key) || breaksRules(inner, depth + 1));
}

describe('a look at JSON text', () => {
  it('mends what a slow search says has to be mended, and nothing else', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const clean = toCleanText(text);
        expect(clean !== text).toBe(needsMending(text));
        expect(needsMending(clean)).toBe(false);
      }),
      { numRuns: 5_000 },
    );
  }, 60_000);
});
