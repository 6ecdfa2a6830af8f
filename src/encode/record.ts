import { toCleanText } from '../json-text.js';
import type { Observation, TraceFields, TraceUpdate } from '../model.js';
import type { Json, MetadataEntry, ObservationRecord, ResourceJson, TraceEvent, TraceRecord } from '../record.js';
import type { ResourceData } from '../span.js';
import { cutText, MAX_TRACE_NAME_LENGTH, toEnvironment, WireChanges } from '../wire-rules.js';
import { costOf, promptOf, usageOf } from './counts.js';
import { toParentId, toSpanId, toTraceId } from './ids.js';
import { quoteKey, toJson } from './json.js';
import { JsonCache, LastJson } from './json-cache.js';
import { eventsToOtlp, linksToOtlp, otlpAttributes } from './otlp-attributes.js';
import { quote } from './quote.js';
import { entriesOf, metadataOf } from './record-metadata.js';
import { sizeOf } from './record-size.js';
import { msToIso, toIso } from './time.js';

/**
 * Under this key a span's metadata says what had to be changed about it, in the words of `REPAIRS` and `TRUNCATIONS`. Not
 * that its environment was: that shows by itself, and half the world writes "Production".
 */
const REPAIRED_KEY = 'repaired';

/** Serialises an observation once; after this, nothing of it changes any more. */
export function toRecord(observation: Observation, update: TraceUpdate): ObservationRecord {
  const changes = new WireChanges(observation.changed);
  const traceId = toTraceId(observation.traceId, changes);
  const spanId = toSpanId(observation.id, changes);
  const id = `${traceId}-${spanId}`;
  const environment = quoteKey(toEnvironment(observation.environment, changes), changes);
  const metadata = metadataOf(observation, changes);
  const trace = traceRecords.of(update.spanFields, changes);
  // v4 has no trace input and output: the root observation's are what it shows.
  const input = toContent(observation.input ?? (update.isRoot ? update.fields.input : undefined), changes);
  const output = toContent(observation.output ?? (update.isRoot ? update.fields.output : undefined), changes);
  const fields = traceRecords.of(update.fields, changes);
  const traceEvent = update.concernsTrace
    ? toTraceEvent({ id, environment, fields, input, output }, update, changes)
    : undefined;
  const otlpEvents = observation.events.length === 0 ? undefined : eventsToOtlp(observation.events, changes);
  const otlpLinks = observation.links.length === 0 ? undefined : linksToOtlp(observation.links, changes);
  const prompt = promptOf(observation, changes);
  const parentId = toParentId(observation.parentId, changes);
  const name = textOf(observation.name, changes) ?? '""';
  const statusMessage = textOf(observation.statusMessage, changes);
  const version = textOf(observation.version, changes);
  const release = textOf(observation.release, changes);
  const model = modelOf(observation.model, changes);
  const modelParameters = jsonOf(observation.modelParameters, changes);
  const usage = usageOf(observation, changes);
  const cost = costOf(observation, changes);
  const promptName = textOf(prompt?.name, changes);
  const experiment = entriesOf(observation.experiment, changes);
  const resource = resources.of(observation.resource, changes);
  const { kinds: changed } = changes;
  markRepairs(observation, changed, metadata);
  // Made in one piece, last of all: it has many fields, and a copy of it would be made for each span.
  return {
    id,
    traceId,
    spanId,
    parentId,
    position: observation.position,
    type: observation.type,
    kind: observation.kind,
    statusCode: statusCodeOf(observation),
    level: observation.level,
    startTime: observation.startTime,
    endTime: observation.endTime,
    completionStartTime: observation.completionStartTime && toIso(observation.completionStartTime),
    name,
    environment,
    statusMessage,
    version,
    release,
    input,
    output,
    model,
    modelParameters,
    usage,
    cost,
    promptName,
    promptVersion: prompt?.version,
    metadata,
    experiment,
    resource,
    otlpEvents,
    otlpLinks,
    trace,
    traceEvent,
    changed,
    size: sizeOf({
      input,
      output,
      name,
      statusMessage,
      version,
      release,
      model,
      modelParameters,
      usage,
      cost,
      promptName,
      metadata,
      experiment,
      otlpEvents,
      otlpLinks,
      trace,
      traceEvent,
    }),
  };
}

function markRepairs(observation: Observation, changed: WireChanges['kinds'], metadata: MetadataEntry[]): void {
  if (changed === undefined) return;
  const marked = changed.filter((kind) => kind !== 'environment');
  if (marked.length > 0 && !Object.hasOwn(observation.metadata, REPAIRED_KEY))
    metadata.push({ key: REPAIRED_KEY, value: JSON.stringify(marked) });
}

/** Content as a text: what an instrumentation wrote as text stays so, a structure becomes its JSON. */
function toContent(value: unknown, changes: WireChanges): string | undefined {
  return typeof value === 'string' ? toCleanText(value, changes) : toJson(value, changes);
}

/** 0 unset, 1 ok, 2 error: the wire knows no other. */
function statusCodeOf({ statusCode }: Observation): number {
  return statusCode === 1 || statusCode === 2 ? statusCode : 0;
}

/** Longer names, ids and messages are mistakes; content has no such bound. */
const MAX_SHORT_TEXT = 20_000;

function textOf(text: string | undefined, changes: WireChanges): Json | undefined {
  if (text === undefined || text.length <= MAX_SHORT_TEXT) return text === undefined ? undefined : quote(text, changes);
  changes.note('size');
  return quote(`${cutText(text, MAX_SHORT_TEXT)}… [truncated: it had ${text.length} characters]`, changes);
}

/** A name that is no mistake repeats from span to span. */
function modelOf(model: string | undefined, changes: WireChanges): Json | undefined {
  return model === undefined || model.length > MAX_SHORT_TEXT ? textOf(model, changes) : quoteKey(model, changes);
}

function jsonOf(value: object | undefined, changes: WireChanges): Json | undefined {
  return value === undefined ? undefined : toJson(value, changes);
}

/** One resource serves all spans of a provider. */
const resources = new JsonCache<ResourceData, ResourceJson>(({ attributes }, changes) => ({
  attributes: toJson(attributes, changes) ?? '{}',
  otlp: otlpAttributes(attributes, changes),
}));

/** Spans come trace by trace, mostly, and those of a trace mostly show the same of it. */
const traceRecords = new LastJson<TraceFields, TraceRecord>((fields, changes) => ({
  name: fields.name === undefined ? undefined : quote(traceNameOf(fields.name, changes), changes),
  userId: textOf(fields.userId, changes),
  sessionId: textOf(fields.sessionId, changes),
  tags: jsonOf(fields.tags, changes),
  public: fields.public === undefined ? undefined : String(fields.public),
  version: textOf(fields.version, changes),
  release: textOf(fields.release, changes),
  metadata: entriesOf(fields.metadata, changes),
}));

/**
 * Cut once more when mending made it longer; the beginning of a text is not JSON any more. A marker would take too much
 * of what there is room for: the metadata says it.
 */
function traceNameOf(name: string, changes: WireChanges): string {
  const clean = toCleanText(cutText(name, MAX_TRACE_NAME_LENGTH), changes);
  if (name.length > MAX_TRACE_NAME_LENGTH || clean.length > MAX_TRACE_NAME_LENGTH) changes.note('size');
  return cutText(clean, MAX_TRACE_NAME_LENGTH);
}

/** What the trace event has of its record. */
interface Own {
  readonly id: string;
  readonly environment: Json;
  readonly fields: TraceRecord;
  readonly input: string | undefined;
  readonly output: string | undefined;
}

function toTraceEvent(
  { id, environment, fields, input, output }: Own,
  { fields: said, startTime, isRoot, lendsContent, spokenAtMs }: TraceUpdate,
  changes: WireChanges,
): TraceEvent {
  const content = (value: unknown, own: string | undefined): string | undefined =>
    value === undefined ? (lendsContent ? own : undefined) : toContent(value, changes);
  return {
    id: `${id}-trace`,
    timestamp: msToIso(spokenAtMs),
    startTime: toIso(startTime),
    environment,
    fields,
    input: content(said.input, input),
    output: content(said.output, output),
    fromRoot: isRoot,
  };
}
