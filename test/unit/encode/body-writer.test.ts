import { expect, it } from 'vitest';
import { BodyWriter } from '../../../src/encode/body-writer.js';
import { fc } from '../../support/seeded-check.js';

const written = (...texts: readonly string[]): string => {
  const out = new BodyWriter(0);
  for (const text of texts) out.addQuoted(text);
  return new TextDecoder().decode(out.finish());
};

it('quotes texts of every length as JSON.stringify does', () => {
  const text = fc.string({ unit: 'binary', maxLength: 2000, size: 'max' });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 5 }), (texts) => {
      expect(written(...texts)).toBe(texts.map((one) => JSON.stringify(one)).join(''));
    }),
    { numRuns: 200 },
  );
});

it('finds room for a text of nothing but escapes', () => {
  for (const text of ['\u0001', '"', '\n', '漢', '😀', 'a\\'].map((piece) => piece.repeat(20_000)))
    expect(written(text, text)).toBe(JSON.stringify(text).repeat(2));
});

it('quotes a text of megabytes', () => {
  const text = '"line"\n'.repeat(300_000);
  expect(written(text)).toBe(JSON.stringify(text));
});
