import type {
  Json,
  MetadataEntry,
  Observation,
  ObservationRecord,
  ResourceJson,
  TraceEvent,
  TraceFields,
  TraceRecord,
  TraceUpdate,
} from '../model.js';
import type { Attributes, ResourceData, ScopeData, SpanEventData, SpanLinkData } from '../span.js';
import { cutText, MAX_TRACE_NAME_LENGTH, toCleanText } from '../wire-rules.js';
import { quote, quoteKey, toJson } from './json.js';
import { otlpAttributes } from './otlp-attributes.js';
import { toIso, toNanos } from './time.js';

/** Serialises an observation once; after this, nothing of it changes any more. */
export function toRecord(observation: Observation, update: TraceUpdate): ObservationRecord {
  const metadata = metadataOf(observation);
  const trace = toTraceRecord(update.spanFields);
  // v4 has no trace input and output: the root observation's are what it shows.
  const input = toContent(observation.input ?? (update.isRoot ? update.fields.input : undefined));
  const output = toContent(observation.output ?? (update.isRoot ? update.fields.output : undefined));
  const fields = update.fields === update.spanFields ? trace : toTraceRecord(update.fields);
  const traceEvent = update.concernsTrace ? toTraceEvent(observation, update, fields, { input, output }) : undefined;
  const otlpEvents = observation.events.length === 0 ? undefined : eventsToOtlp(observation.events);
  const otlpLinks = observation.links.length === 0 ? undefined : linksToOtlp(observation.links);
  return {
    id: `${observation.traceId}-${observation.id}`,
    traceId: observation.traceId,
    spanId: observation.id,
    parentId: observation.parentId,
    position: observation.position,
    type: observation.type,
    kind: observation.kind,
    statusCode: observation.statusCode,
    level: observation.level,
    startTime: observation.startTime,
    endTime: observation.endTime,
    completionStartTime: observation.completionStartTime && toIso(observation.completionStartTime),
    name: quote(observation.name),
    environment: quoteKey(observation.environment),
    statusMessage: textOf(observation.statusMessage),
    version: textOf(observation.version),
    release: textOf(observation.release),
    input,
    output,
    model: observation.model === undefined ? undefined : quoteKey(observation.model),
    modelParameters: jsonOf(observation.modelParameters),
    usage: jsonOf(observation.usage),
    cost: jsonOf(observation.cost),
    promptName: textOf(observation.prompt?.name),
    promptVersion: observation.prompt?.version,
    metadata,
    experiment: entriesOf(observation.experiment),
    resource: resourceOf(observation.resource),
    otlpEvents,
    otlpLinks,
    trace,
    traceEvent,
    size: sizeOf({ input, output, metadata, otlpEvents, otlpLinks, trace, traceEvent }),
  };
}

/** Content as a text: what an instrumentation wrote as text stays so, a structure becomes its JSON. */
function toContent(value: unknown): string | undefined {
  return typeof value === 'string' ? toCleanText(value) : toJson(value);
}

/** What the rest of a record takes at most: ids, times, names of fields, in the wordier of the two protocols. */
const FRAME_SIZE = 900;
const ENTRY_SIZE = 60;

/** What a record takes in a request, in UTF-16 units, before quoting. */
export function sizeOf(
  record: Pick<
    ObservationRecord,
    'input' | 'output' | 'metadata' | 'otlpEvents' | 'otlpLinks' | 'trace' | 'traceEvent'
  >,
): number {
  let size = FRAME_SIZE + lengthOf(record.input) + lengthOf(record.output);
  size += lengthOf(record.otlpEvents) + lengthOf(record.otlpLinks);
  for (const { key, value } of record.metadata) size += value.length + key.length + ENTRY_SIZE;
  for (const { key, value } of record.trace.metadata) size += value.length + key.length + ENTRY_SIZE;
  return size + (record.traceEvent ? sizeOfTraceEvent(record.traceEvent, size) : 0);
}

/** A root's repeats all of its record but the events and links. */
function sizeOfTraceEvent({ input, output, fields, fromRoot }: TraceEvent, recordSize: number): number {
  if (fromRoot) return recordSize;
  let size = FRAME_SIZE + lengthOf(input) + lengthOf(output);
  for (const { key, value } of fields.metadata) size += value.length + key.length + ENTRY_SIZE;
  return size;
}

function lengthOf(text: string | undefined): number {
  return text === undefined ? 0 : text.length;
}

function textOf(text: string | undefined): Json | undefined {
  return text === undefined ? undefined : quote(text);
}

function jsonOf(value: object | undefined): Json | undefined {
  return value === undefined ? undefined : toJson(value);
}

/** The user's own keys first; ours (as the server's mapping calls them) do not hide one of the same name. */
function metadataOf(observation: Observation): readonly MetadataEntry[] {
  const entries = entriesOf(observation.metadata);
  const add = (key: string, value: Json): void => {
    if (!Object.hasOwn(observation.metadata, key)) entries.push({ key, value });
  };
  if (observation.events.length > 0) add('events', eventsOf(observation.events));
  // No server shows links.
  if (observation.links.length > 0) add('links', toJson(observation.links) ?? '[]');
  const attributes = attributesOf(observation.attributes);
  if (attributes !== '{}') add('attributes', attributes);
  add('scope', scopeOf(observation.scope));
  return entries;
}

function entriesOf(metadata: Readonly<{ [key: string]: unknown }> | undefined): MetadataEntry[] {
  const entries: MetadataEntry[] = [];
  for (const key in metadata) {
    if (key === '__proto__') continue;
    const value = toJson(metadata[key]);
    if (value !== undefined) entries.push({ key, value });
  }
  return entries;
}

/**
 * As the server's own mapping keeps them: every value a text. One call of `JSON.stringify` for all of them; what it
 * would write as an escaped half of a pair, or as a NUL, is cleaned first.
 */
function attributesOf(attributes: Attributes): Json {
  const texts: { [key: string]: string } = {};
  for (const key in attributes) {
    const value = attributes[key];
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : toJson(value);
    if (text !== undefined && key !== '__proto__') texts[key] = text;
  }
  const json = JSON.stringify(texts);
  return json.includes('\\ud') || json.includes('\\u0000') ? cleanObject(texts) : json;
}

function cleanObject(texts: { readonly [key: string]: string }): Json {
  const entries = Object.entries(texts).map(([key, text]) => `${quote(key)}:${quote(text)}`);
  return `{${entries.join(',')}}`;
}

const resources = new WeakMap<ResourceData, ResourceJson>();

/** One resource serves all spans of a provider. */
function resourceOf(resource: ResourceData): ResourceJson {
  const known = resources.get(resource);
  if (known !== undefined) return known;
  const json = { attributes: toJson(resource.attributes) ?? '{}', otlp: otlpAttributes(resource.attributes) };
  resources.set(resource, json);
  return json;
}

const scopes = new WeakMap<ScopeData, Json>();

function scopeOf(scope: ScopeData): Json {
  const known = scopes.get(scope);
  if (known !== undefined) return known;
  const json = toJson({ name: scope.name, version: scope.version, attributes: scope.attributes ?? {} }) ?? '{}';
  scopes.set(scope, json);
  return json;
}

function eventsOf(events: readonly SpanEventData[]): Json {
  return toJson(events.map(({ name, time, attributes }) => ({ name, time: toIso(time), attributes }))) ?? '[]';
}

function eventsToOtlp(events: readonly SpanEventData[]): Json {
  const items = events.map(
    ({ name, time, attributes }) =>
      `{"timeUnixNano":"${toNanos(time)}","name":${quote(name)},"attributes":${otlpAttributes(attributes)}}`,
  );
  return `[${items.join(',')}]`;
}

function linksToOtlp(links: readonly SpanLinkData[]): Json {
  const items = links.map(
    ({ traceId, spanId, attributes }) =>
      `{"traceId":"${traceId}","spanId":"${spanId}","attributes":${otlpAttributes(attributes)}}`,
  );
  return `[${items.join(',')}]`;
}

function toTraceRecord(fields: TraceFields): TraceRecord {
  return {
    name: fields.name === undefined ? undefined : quote(cutText(fields.name, MAX_TRACE_NAME_LENGTH)),
    userId: textOf(fields.userId),
    sessionId: textOf(fields.sessionId),
    tags: jsonOf(fields.tags),
    public: fields.public === undefined ? undefined : String(fields.public),
    version: textOf(fields.version),
    release: textOf(fields.release),
    metadata: entriesOf(fields.metadata),
  };
}

function toTraceEvent(
  observation: Observation,
  { fields: said, startTime, isRoot, lendsContent, spokenAtMs }: TraceUpdate,
  fields: TraceRecord,
  own: { readonly input: string | undefined; readonly output: string | undefined },
): TraceEvent {
  const content = (value: unknown, ofObservation: string | undefined): string | undefined =>
    value === undefined ? (lendsContent ? ofObservation : undefined) : toContent(value);
  return {
    id: `${observation.traceId}-${observation.id}-trace`,
    timestamp: new Date(spokenAtMs).toISOString(),
    startTime: toIso(startTime),
    environment: quote(observation.environment),
    fields,
    input: content(said.input, own.input),
    output: content(said.output, own.output),
    fromRoot: isRoot,
  };
}
