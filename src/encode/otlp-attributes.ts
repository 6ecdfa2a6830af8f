import type { Json } from '../record.js';
import type { Attributes, SpanEventData, SpanLinkData } from '../span.js';
import { isForbiddenKey, type WireChanges } from '../wire-rules.js';
import { toSpanId, toTraceId } from './ids.js';
import { asText, quoteKey, toJson } from './json.js';
import { quote } from './quote.js';
import { toNanos } from './time.js';

/**
 * One OTLP/JSON attribute. Langfuse loses a whole request over an attribute without a value, so a value that has no
 * word in JSON, or is null, gives none at all; structures travel as JSON text, which every server version reads.
 */
function otlpAttribute(key: string, value: Json | undefined, changes: WireChanges): Json {
  if (value === undefined || value === 'null') return '';
  return `{"key":${quoteKey(key, changes)},"value":${anyValue(value).join('')}}`;
}

export function otlpAttributes(attributes: Attributes, changes: WireChanges): Json {
  const items: Json[] = [];
  for (const key in attributes) {
    const item = otlpAttribute(key, toJson(attributes[key], changes), changes);
    if (item === '') continue;
    if (isForbiddenKey(key)) changes.note('key');
    else items.push(item);
  }
  return `[${items.join(',')}]`;
}

export function eventsToOtlp(events: readonly SpanEventData[], changes: WireChanges): Json {
  const items = events.map(
    ({ name, time, attributes }) =>
      `{"timeUnixNano":"${toNanos(time)}","name":${quote(name, changes)},"attributes":${otlpAttributes(attributes, changes)}}`,
  );
  return `[${items.join(',')}]`;
}

export function linksToOtlp(links: readonly SpanLinkData[], changes: WireChanges): Json {
  const items = links.map(
    ({ traceId, spanId, attributes }) =>
      `{"traceId":"${toTraceId(traceId, changes)}","spanId":"${toSpanId(spanId, changes)}"` +
      `,"attributes":${otlpAttributes(attributes, changes)}}`,
  );
  return `[${items.join(',')}]`;
}

let lastItems: Json = '';
let lastList: Json = '';

/** A list of texts, the one array that travels as such (`langfuse.trace.tags`). The spans of a trace have the same. */
export function otlpTextList(key: string, items: Json): Json {
  if (items !== lastItems) {
    const texts = (JSON.parse(items) as readonly unknown[]).map(
      (item) => `{"stringValue":${JSON.stringify(String(item))}}`,
    );
    lastItems = items;
    lastList = `{"key":${quoteKey(key)},"value":{"arrayValue":{"values":[${texts.join(',')}]}}}`;
  }
  return lastList;
}

/** An object or a list. */
export function isStructure(json: Json): boolean {
  const first = json.charCodeAt(0);
  return first === 0x7b /* { */ || first === 0x5b /* [ */;
}

const INTEGER = /^-?\d{1,15}$/;

/** The OTLP value for a JSON value, in three pieces of which the middle one may be large. */
export function anyValue(json: Json): readonly [opening: string, content: Json, closing: string] {
  switch (json.charCodeAt(0)) {
    case 0x22: // "
      return ['{"stringValue":', json, '}'];
    case 0x7b: // {
    case 0x5b: // [
      return ['{"stringValue":', asText(json), '}'];
    case 0x74: // t(rue)
    case 0x66: // f(alse)
      return ['{"boolValue":', json, '}'];
    default:
      return INTEGER.test(json) ? ['{"intValue":"', json, '"}'] : ['{"doubleValue":', json, '}'];
  }
}
