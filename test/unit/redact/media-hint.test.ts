import { expect, it } from 'vitest';
import { hintsAtFile } from '../../../src/redact/media-hint.js';
import { fc } from '../../support/seeded-check.js';

const WORDS = ['media', 'mime', 'content', 'audio', 'image', 'input_audio'];
const ENDS = ['_type', 'Type', '_Type', 'type', '":', '\\" :', '\\\\": ', ' 64'];
const WHOLE = ['b64_json', 'base64', 'bytes', 'Buffer', 'image_generation_call', '"type":"text"', 'a64', 'maybe ', 'e'];

/** What `hintsAtFile` looks for, in one pattern. */
const PATTERN =
  /(?:media|mime|content)(?:_t|T)ype|b64_json|base64|input_audio|bytes|image_generation_call|Buffer|(?:audio|image)\\*" *:/;

it('sees a file in exactly the texts that name one', () => {
  const piece = fc.constantFrom(...WORDS, ...ENDS, ...WHOLE, ' ', '"');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const text = pieces.join('');
      expect(hintsAtFile(text)).toBe(PATTERN.test(text));
    }),
    { numRuns: 2000 },
  );
});
