import type { DroppedCounts, SpanData } from '../span.js';

/** What of a span was lost before it came to us: shown in the metadata, so that nobody looks for the rest. */
interface Incomplete extends DroppedCounts {
  /** Keys of attributes whose JSON text ends in the middle (`OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT`). */
  readonly cutAttributes?: readonly string[];
}

/** Undefined for a span that is whole, as far as can be seen. */
export function incompleteIn({ attributes, events, dropped }: SpanData): Incomplete | undefined {
  let cut: string[] | undefined;
  const look = (key: string, value: unknown): void => {
    if (typeof value !== 'string' || !isCutJson(value)) return;
    cut ??= [];
    if (!cut.includes(key)) cut.push(key);
  };
  for (const key in attributes) look(key, attributes[key]);
  for (const event of events) for (const key in event.attributes) look(key, event.attributes[key]);
  if (cut === undefined && dropped === undefined) return undefined;
  return { ...(cut && { cutAttributes: cut }), ...dropped };
}

/**
 * JSON of an object, or of a list of objects or texts, that does not end as it begins. Only its two ends are looked at:
 * content may be large, and a cut that by chance falls behind a bracket is shown as the text it is, without the mark.
 */
function isCutJson(text: string): boolean {
  const closing = text.charCodeAt(0) === 0x7b /* { */ ? '}' : ']';
  return BEGINNING.test(text) && !text.trimEnd().endsWith(closing);
}

const BEGINNING = /^(\{\s{0,8}"|\[\s{0,8}[{"])/;
