import { mayBeDeep, toCleanText } from '../json-text.js';
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
import type { Attributes, ResourceData, ScopeData, SpanEventData } from '../span.js';
import { cutText, isForbiddenKey, MAX_TRACE_NAME_LENGTH, toEnvironment, WireChanges } from '../wire-rules.js';
import { costOf, promptOf, usageOf } from './counts.js';
import { toParentId, toSpanId, toTraceId } from './ids.js';
import { quote, quoteKey, toCleanKey, toJson } from './json.js';
import { JsonCache } from './json-cache.js';
import { eventsToOtlp, linksToOtlp, otlpAttributes } from './otlp-attributes.js';
import { toIso, toMs } from './time.js';

/**
 * Under this key a span's metadata says what had to be changed about it, in the words of `REPAIRS` and `TRUNCATIONS`. Not
 * that its environment was: that shows by itself, and half the world writes "Production".
 */
const REPAIRED_KEY = 'repaired';

/** Serialises an observation once; after this, nothing of it changes any more. */
export function toRecord(observation: Observation, update: TraceUpdate): ObservationRecord {
  const changes = new WireChanges();
  const traceId = toTraceId(observation.traceId, changes);
  const spanId = toSpanId(observation.id, changes);
  const environment = quoteKey(toEnvironment(observation.environment, changes), changes);
  const metadata = metadataOf(observation, changes);
  const trace = toTraceRecord(update.fields, changes);
  // v4 has no trace input and output: the root observation's are what it shows.
  const input = toContent(observation.input ?? (update.isRoot ? update.fields.input : undefined), changes);
  const output = toContent(observation.output ?? (update.isRoot ? update.fields.output : undefined), changes);
  const id = `${traceId}-${spanId}`;
  const traceEvent = update.concernsTrace
    ? toTraceEvent(id, environment, observation, update, input, output, changes)
    : undefined;
  const otlpEvents = observation.events.length === 0 ? undefined : eventsToOtlp(observation.events, changes);
  const otlpLinks = observation.links.length === 0 ? undefined : linksToOtlp(observation.links, changes);
  const prompt = promptOf(observation, changes);
  const record = {
    id,
    traceId,
    spanId,
    parentId: toParentId(observation.parentId, changes),
    position: observation.position,
    type: observation.type,
    kind: observation.kind,
    statusCode: statusCodeOf(observation),
    level: observation.level,
    startTime: observation.startTime,
    endTime: observation.endTime,
    completionStartTime: observation.completionStartTime && toIso(observation.completionStartTime),
    name: textOf(observation.name, changes) ?? '""',
    environment,
    statusMessage: textOf(observation.statusMessage, changes),
    version: textOf(observation.version, changes),
    release: textOf(observation.release, changes),
    input,
    output,
    model: observation.model === undefined ? undefined : quoteKey(observation.model, changes),
    modelParameters: jsonOf(observation.modelParameters, changes),
    usage: usageOf(observation, changes),
    cost: costOf(observation, changes),
    promptName: textOf(prompt?.name, changes),
    promptVersion: prompt?.version,
    resource: resources.of(observation.resource, changes),
    otlpEvents,
    otlpLinks,
    trace,
    traceEvent,
  };
  const { kinds } = changes;
  const marked = kinds?.filter((kind) => kind !== 'environment') ?? [];
  if (marked.length > 0 && !Object.hasOwn(observation.metadata, REPAIRED_KEY))
    metadata.push({ key: REPAIRED_KEY, value: JSON.stringify(marked) });
  return {
    ...record,
    metadata,
    changed: kinds,
    size: sizeOf({ input, output, metadata, otlpEvents, otlpLinks, trace, traceEvent }),
  };
}

/** Content as a text: what an instrumentation wrote as text stays so, a structure becomes its JSON. */
function toContent(value: unknown, changes: WireChanges): string | undefined {
  return typeof value === 'string' ? toCleanText(value, changes) : toJson(value, changes);
}

/** 0 unset, 1 ok, 2 error: the wire knows no other. */
function statusCodeOf({ statusCode }: Observation): number {
  return statusCode === 1 || statusCode === 2 ? statusCode : 0;
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
  if (record.traceEvent) size += FRAME_SIZE + lengthOf(record.traceEvent.input) + lengthOf(record.traceEvent.output);
  return size;
}

function lengthOf(text: string | undefined): number {
  return text === undefined ? 0 : text.length;
}

/** Longer names, ids and messages are mistakes; content has no such bound. */
const MAX_SHORT_TEXT = 20_000;

function textOf(text: string | undefined, changes: WireChanges): Json | undefined {
  if (text === undefined || text.length <= MAX_SHORT_TEXT) return text === undefined ? undefined : quote(text, changes);
  changes.note('size');
  return quote(`${cutText(text, MAX_SHORT_TEXT)}… [truncated: it had ${text.length} characters]`, changes);
}

function jsonOf(value: object | undefined, changes: WireChanges): Json | undefined {
  return value === undefined ? undefined : toJson(value, changes);
}

/** The user's own keys first; ours (as the server's mapping calls them) do not hide one of the same name. */
function metadataOf(observation: Observation, changes: WireChanges): MetadataEntry[] {
  const entries = entriesOf(observation.metadata, changes);
  const add = (key: string, value: Json): void => {
    if (!Object.hasOwn(observation.metadata, key)) entries.push({ key, value });
  };
  if (observation.events.length > 0) add('events', eventsOf(observation.events, changes));
  const attributes = attributesOf(observation.attributes, changes);
  if (attributes !== '{}') add('attributes', attributes);
  add('scope', scopes.of(observation.scope, changes));
  return entries;
}

function entriesOf(metadata: Readonly<{ [key: string]: unknown }> | undefined, changes: WireChanges): MetadataEntry[] {
  const entries: MetadataEntry[] = [];
  for (const key in metadata) {
    const value = toJson(metadata[key], changes);
    if (value === undefined) continue;
    if (isForbiddenKey(key)) changes.note('key');
    else entries.push({ key: toCleanKey(key, changes), value });
  }
  return entries;
}

/**
 * As the server's own mapping keeps them: every value a text. One call of `JSON.stringify` for all of them, in which
 * whatever breaks a rule shows as an escape; only then each is looked at by itself.
 */
function attributesOf(attributes: Attributes, changes: WireChanges): Json {
  const texts: { [key: string]: string } = {};
  for (const key in attributes) {
    const value = attributes[key];
    const text =
      typeof value === 'string' ? (mayBeDeep(value) ? toCleanText(value, changes) : value) : toJson(value, changes);
    if (text === undefined) continue;
    if (isForbiddenKey(key)) changes.note('key');
    else texts[key.length > MAX_PLAIN_KEY ? toCleanText(key, changes) : key] = text;
  }
  const json = JSON.stringify(texts);
  return json.includes('\\u') ? cleanObject(texts, changes) : json;
}

/** A longer key may be JSON text, nested too deep. */
const MAX_PLAIN_KEY = 150;

function cleanObject(texts: { readonly [key: string]: string }, changes: WireChanges): Json {
  const entries = Object.entries(texts).map(([key, text]) => `${quote(key, changes)}:${quote(text, changes)}`);
  return `{${entries.join(',')}}`;
}

/** One resource serves all spans of a provider, one scope all spans of a library. */
const resources = new JsonCache<ResourceData, ResourceJson>(({ attributes }, changes) => ({
  attributes: toJson(attributes, changes) ?? '{}',
  otlp: otlpAttributes(attributes, changes),
}));
const scopes = new JsonCache<ScopeData, Json>(
  ({ name, version, attributes = {} }, changes) => toJson({ name, version, attributes }, changes) ?? '{}',
);

function eventsOf(events: readonly SpanEventData[], changes: WireChanges): Json {
  return (
    toJson(
      events.map(({ name, time, attributes }) => ({ name, time: toIso(time), attributes })),
      changes,
    ) ?? '[]'
  );
}

function toTraceRecord(fields: TraceFields, changes: WireChanges): TraceRecord {
  return {
    name: fields.name === undefined ? undefined : quote(cutText(fields.name, MAX_TRACE_NAME_LENGTH), changes),
    userId: textOf(fields.userId, changes),
    sessionId: textOf(fields.sessionId, changes),
    tags: jsonOf(fields.tags, changes),
    public: fields.public === undefined ? undefined : String(fields.public),
    version: textOf(fields.version, changes),
    release: textOf(fields.release, changes),
    metadata: entriesOf(fields.metadata, changes),
  };
}

/**
 * The envelope time decides what wins on the server. A root speaks at its end, everything else at its start, so that
 * the root is merged last, however late it is sent.
 */
function toTraceEvent(
  recordId: string,
  environment: Json,
  observation: Observation,
  { fields, startTime, isRoot }: TraceUpdate,
  observationInput: string | undefined,
  observationOutput: string | undefined,
  changes: WireChanges,
): TraceEvent {
  const speaksForTrace = isRoot || observation.position === 'local';
  const of = (field: unknown, own: string | undefined): string | undefined =>
    field === undefined ? (speaksForTrace ? own : undefined) : toContent(field, changes);
  const start = toMs(observation.startTime);
  const timestamp = new Date(isRoot ? Math.max(toMs(observation.endTime), start + 1) : start).toISOString();
  return {
    id: `${recordId}-trace`,
    timestamp,
    startTime: toIso(startTime),
    environment,
    input: of(fields.input, observationInput),
    output: of(fields.output, observationOutput),
    fromRoot: isRoot,
  };
}
