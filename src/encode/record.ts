import { createHash } from 'node:crypto';
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
import { cutText, MAX_TRACE_NAME_LENGTH } from '../wire-rules.js';
import { asText, quote, quoteKey, toJson } from './json.js';
import { otlpAttributes } from './otlp-attributes.js';
import { toIso, toMs, toNanos } from './time.js';

/** Serialises an observation once; after this, nothing of it changes any more. */
export function toRecord(observation: Observation, update: TraceUpdate): ObservationRecord {
  const metadata = metadataOf(observation);
  const trace = toTraceRecord(update.fields);
  // v4 has no trace input and output: the root observation's are what it shows.
  const input = toJson(observation.input ?? (update.isRoot ? update.fields.input : undefined));
  const output = toJson(observation.output ?? (update.isRoot ? update.fields.output : undefined));
  const traceEvent = update.concernsTrace ? toTraceEvent(observation, update, trace, input, output) : undefined;
  const modelParameters = jsonOf(observation.modelParameters);
  const record: Omit<ObservationRecord, 'size'> = {
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
    environment: quote(observation.environment),
    statusMessage: textOf(observation.statusMessage),
    version: textOf(observation.version),
    release: textOf(observation.release),
    input,
    output,
    model: textOf(observation.model),
    modelParameters,
    usage: jsonOf(observation.usage),
    cost: jsonOf(observation.cost),
    promptName: textOf(observation.prompt?.name),
    promptVersion: observation.prompt?.version,
    metadata,
    resource: resourceOf(observation.resource),
    otlpEvents: observation.events.length === 0 ? undefined : otlpEvents(observation.events),
    otlpLinks: observation.links.length === 0 ? undefined : otlpLinks(observation.links),
    trace,
    traceEvent,
  };
  return { ...record, size: sizeOf(record) };
}

/** What the rest of a record takes at most: ids, times, names of fields, in the wordier of the two protocols. */
const FRAME_SIZE = 900;

function sizeOf(record: Omit<ObservationRecord, 'size'>): number {
  let size = FRAME_SIZE + bytes(record.input) + bytes(record.output) + bytes(record.name) + bytes(record.statusMessage);
  size += bytes(record.modelParameters) + bytes(record.otlpEvents) + bytes(record.otlpLinks);
  for (const entry of record.metadata) size += bytes(entry.value) + entry.key.length + 60;
  for (const entry of record.trace.metadata) size += bytes(entry.value) + entry.key.length + 60;
  if (record.traceEvent) size += FRAME_SIZE + bytes(record.traceEvent.input) + bytes(record.traceEvent.output);
  return size;
}

function bytes(json: Json | undefined): number {
  return json === undefined ? 0 : Buffer.byteLength(json);
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

/** As the server's own mapping keeps them: every value a text. */
function attributesOf(attributes: Attributes): Json {
  let json = '';
  for (const key in attributes) {
    const value = toJson(attributes[key]);
    if (value === undefined || key === '__proto__') continue;
    json += `${json === '' ? '' : ','}${quoteKey(key)}:${asText(value)}`;
  }
  return `{${json}}`;
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

function otlpEvents(events: readonly SpanEventData[]): Json {
  const items = events.map(
    ({ name, time, attributes }) =>
      `{"timeUnixNano":"${toNanos(time)}","name":${quote(name)},"attributes":${otlpAttributes(attributes)}}`,
  );
  return `[${items.join(',')}]`;
}

function otlpLinks(links: readonly SpanLinkData[]): Json {
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

/**
 * The envelope time decides what wins on the server. A root speaks at its end, everything else at its start, so that
 * the root is merged last, however late it is sent.
 */
function toTraceEvent(
  observation: Observation,
  { fields, startTime, isRoot }: TraceUpdate,
  trace: TraceRecord,
  observationInput: Json | undefined,
  observationOutput: Json | undefined,
): TraceEvent {
  const speaksForTrace = isRoot || observation.position === 'local';
  const input = fields.input === undefined ? (speaksForTrace ? observationInput : undefined) : toJson(fields.input);
  const output = fields.output === undefined ? (speaksForTrace ? observationOutput : undefined) : toJson(fields.output);
  const start = toMs(observation.startTime);
  const timestamp = new Date(isRoot ? Math.max(toMs(observation.endTime), start + 1) : start).toISOString();
  const content = [timestamp, trace.name, trace.userId, trace.sessionId, trace.tags, trace.public, input, output];
  for (const entry of trace.metadata) content.push(entry.key, entry.value);
  const hash = createHash('sha1').update(content.join('\n')).digest('hex').slice(0, 16);
  return {
    id: `${observation.traceId}-trace-${hash}`,
    timestamp,
    startTime: toIso(startTime),
    environment: quote(observation.environment),
    input,
    output,
    fromRoot: isRoot,
  };
}
