import { isFile, type TakeMedia } from './found-media.js';
import { knownType } from './media-types.js';

const MARKER = ';base64,';
const SCHEME = 'data:';
/** Types with their parameters are shorter. */
const MAX_TYPE_LENGTH = 200;
const BASE64 = /[A-Za-z0-9+/_-]*={0,2}/y;

export function mayHaveDataUri(text: string): boolean {
  return text.includes(MARKER);
}

/**
 * Replaces data URIs in a text, wherever they stand and whatever is around them: base64 needs no escapes, so JSON
 * text, also JSON text within JSON text, need not be parsed. Looks for the rarest part of a URI and never twice at the
 * same character, so that the time is linear whatever the text.
 */
export function replaceDataUris(text: string, take: TakeMedia): string {
  let result = '';
  let copied = 0;
  let done = 0;
  for (let marker = text.indexOf(MARKER); marker !== -1; marker = text.indexOf(MARKER, done)) {
    const from = Math.max(done, marker - MAX_TYPE_LENGTH);
    BASE64.lastIndex = marker + MARKER.length;
    const base64 = BASE64.exec(text)?.[0] ?? '';
    done = marker + MARKER.length + base64.length;
    if (!isFile(base64)) continue;
    const before = text.slice(from, marker);
    const scheme = before.lastIndexOf(SCHEME);
    const contentType = scheme === -1 ? undefined : knownType(before.slice(scheme + SCHEME.length));
    if (contentType === undefined) continue;
    const token = take({ contentType, base64, source: 'base64_data_uri' });
    if (token === undefined) continue;
    result += text.slice(copied, from + scheme) + token;
    copied = done;
  }
  return copied === 0 ? text : result + text.slice(copied);
}
