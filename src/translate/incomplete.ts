import type { Attributes, DroppedCounts, SpanData } from '../span.js';

/** What of a span was lost before it came to us: shown in the metadata, so that nobody looks for the rest. */
interface Incomplete extends DroppedCounts {
  /** Keys of attributes whose JSON text ends in the middle (`OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT`). */
  readonly cutAttributes?: readonly string[];
}

/** Undefined for a span that is whole, as far as can be seen. */
export function incompleteIn({ attributes, events, dropped }: SpanData): Incomplete | undefined {
  let cut = cutIn(attributes);
  for (const event of events) cut = cutIn(event.attributes, cut);
  if (cut === undefined && dropped === undefined) return undefined;
  return { ...(cut && { cutAttributes: [...cut] }), ...dropped };
}

function cutIn(attributes: Attributes, known?: Set<string>): Set<string> | undefined {
  let cut = known;
  for (const key in attributes) {
    const value = attributes[key];
    if (typeof value === 'string' && isCutJson(value)) cut = (cut ?? new Set()).add(key);
  }
  return cut;
}

/**
 * JSON of an object, or of a list of objects or texts, that does not end as it begins. Only its two ends are looked at:
 * content may be large, and a cut that by chance falls behind a bracket is shown as the text it is, without the mark.
 */
function isCutJson(text: string): boolean {
  const opening = text.charCodeAt(0);
  if (opening !== 0x7b /* { */ && opening !== 0x5b /* [ */) return false;
  const closing = opening === 0x7b ? '}' : ']';
  if (text.endsWith(closing)) return false;
  return BEGINNING.test(text) && !text.trimEnd().endsWith(closing);
}

const BEGINNING = /^(\{\s{0,8}"|\[\s{0,8}[{"])/;
