import { LANGFUSE } from '../attribute-keys.js';
import type { ObservationType } from '../model.js';
import type { EncodedBatch, Encoder, ServerTraits } from '../ports.js';
import type { Json, MetadataEntry, ObservationRecord, TraceEvent } from '../record.js';
import { BodyWriter } from './body-writer.js';
import { quoteKey, toJson } from './json.js';
import { oldUsageOf } from './old-usage.js';
import { quote } from './quote.js';
import { toIso } from './time.js';

const NAME = quote('opentelemetry-exporter-langfuse');

/** What the server's own OTLP mapping calls the resource in the metadata. */
const RESOURCE_KEY = 'resourceAttributes';

/** `POST /api/public/ingestion`: one event per observation and, where a trace is concerned, one for the trace. */
export const ingestionEncoder: Encoder = {
  encode(records, traits): EncodedBatch {
    const out = new BodyWriter(records.reduce((size, record) => size + record.size, 1024));
    const recordsOf = new Map<string, number[]>();
    const speakers = traceSpeakers(records);
    out.add('{"batch":[');
    records.forEach((record, index) => {
      if (index > 0) out.add(',');
      const speaker = record.traceEvent && speakers.get(record.traceId);
      if (speaker?.traceEvent) {
        const dependants = recordsOf.get(speaker.traceEvent.id);
        if (dependants) dependants.push(index);
        else {
          recordsOf.set(speaker.traceEvent.id, [index]);
          writeTrace(speaker, speaker.traceEvent, traits, out);
          out.add(',');
        }
      }
      recordsOf.set(record.id, [index]);
      writeObservation(record, traits, out);
    });
    out.add(`],"metadata":{"sdk_name":${NAME},"batch_size":${recordsOf.size}}}`);
    return { body: out.finish(), recordsOf };
  },
};

/**
 * Which record speaks for each trace in this batch: the root, else the last, because each trace event repeats all
 * that was known before it. One trace event per trace and batch: the server keeps a file for each, up to 200.
 */
function traceSpeakers(records: readonly ObservationRecord[]): ReadonlyMap<string, ObservationRecord> {
  const speakers = new Map<string, ObservationRecord>();
  for (const record of records) {
    if (record.traceEvent && !speakers.get(record.traceId)?.traceEvent?.fromRoot) speakers.set(record.traceId, record);
  }
  return speakers;
}

function writeTrace(record: ObservationRecord, event: TraceEvent, traits: ServerTraits, out: BodyWriter): void {
  const { fields: trace } = event;
  out.add(
    `{"id":"${event.id}","type":"trace-create","timestamp":"${event.timestamp}","body":{"id":"${record.traceId}"` +
      `,"timestamp":"${event.startTime}","environment":${event.environment}` +
      field('name', trace.name) +
      field('userId', trace.userId) +
      field('sessionId', trace.sessionId) +
      field('tags', trace.tags) +
      field('public', trace.public) +
      field('version', trace.version) +
      field('release', trace.release),
  );
  writeContent('input', event.input, traits, out);
  writeContent('output', event.output, traits, out);
  if (event.fromRoot || trace.metadata.length > 0) {
    out.add(',"metadata":{');
    // As the server's own mapping has it, so that traces can be filtered by what their root says.
    if (event.fromRoot) writeMetadata(record, trace.metadata, out);
    else writeEntries(trace.metadata, out);
    out.add('}');
  }
  out.add('}}');
}

function writeObservation(record: ObservationRecord, traits: ServerTraits, out: BodyWriter): void {
  const type = wireType(record, traits);
  const start = toIso(record.startTime);
  const isEvent = type === 'event';
  out.add(
    `{"id":"${record.id}","type":"${type}-create","timestamp":"${start}","body":{"id":"${record.spanId}"` +
      `,"traceId":"${record.traceId}","name":${record.name},"startTime":"${start}"` +
      (isEvent ? '' : `,"endTime":"${toIso(record.endTime)}"`) +
      (record.parentId === undefined ? '' : `,"parentObservationId":"${record.parentId}"`) +
      `,"environment":${record.environment},"level":"${record.level}"` +
      field('statusMessage', record.statusMessage) +
      field('version', record.version),
  );
  writeContent('input', record.input, traits, out);
  writeContent('output', record.output, traits, out);
  if (type !== 'span' && !isEvent) out.add(generationFields(record, traits));
  out.add(',"metadata":{');
  writeMetadata(record, [], out);
  if (type !== record.type) out.add(field(LANGFUSE.type, `"${record.type}"`));
  if (type === 'span' || isEvent) out.add(fieldsWithoutPlace(record));
  out.add('}}}');
}

/** Spans and events lose them on every server that takes events, so they are kept where nothing is lost. */
function fieldsWithoutPlace({ model, modelParameters, usage, cost }: ObservationRecord): Json {
  return (
    field(LANGFUSE.model, model) +
    field(LANGFUSE.modelParameters, modelParameters) +
    field(LANGFUSE.usage, usage) +
    field(LANGFUSE.cost, cost)
  );
}

function generationFields(record: ObservationRecord, traits: ServerTraits): Json {
  return (
    field('model', record.model) +
    field('modelParameters', record.modelParameters) +
    field('usageDetails', record.usage) +
    (traits.oldUsage ? field('usage', oldUsageOf(record)) : '') +
    field('costDetails', record.cost) +
    (record.completionStartTime === undefined ? '' : `,"completionStartTime":"${record.completionStartTime}"`) +
    (record.promptName === undefined
      ? ''
      : `,"promptName":${record.promptName},"promptVersion":${record.promptVersion}`)
  );
}

/**
 * Servers before 3.98.2 reject the younger types; spans and events lose model and usage on every version. The type
 * that was meant is kept in the metadata.
 */
function wireType(record: ObservationRecord, { manyTypes }: ServerTraits): ObservationType {
  const { type } = record;
  if (type === 'generation' || type === 'event' || type === 'span' || manyTypes) return type;
  return record.model === undefined && record.usage === undefined && record.cost === undefined ? 'span' : 'generation';
}

function field(name: string, value: Json | undefined): Json {
  return value === undefined ? '' : `,"${name}":${value}`;
}

function writeContent(
  name: string,
  text: string | undefined,
  { wantsStructures }: ServerTraits,
  out: BodyWriter,
): void {
  if (text === undefined) return;
  out.add(`,"${name}":`);
  const structure = wantsStructures ? structureIn(text) : undefined;
  if (structure === undefined) out.addQuoted(text);
  else out.add(structure);
}

/** The structure that a JSON text describes; undefined when it is not one. */
export function structureIn(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return toJson(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The record's metadata and its resource, `above` winning where it has the same key. */
function writeMetadata(
  { metadata, resource }: ObservationRecord,
  above: readonly MetadataEntry[],
  out: BodyWriter,
): void {
  const own = above.length === 0 ? metadata : metadata.filter(({ key }) => !above.some((entry) => entry.key === key));
  const entries = [...above, ...own];
  if (!entries.some(({ key }) => key === RESOURCE_KEY)) entries.push({ key: RESOURCE_KEY, value: resource.attributes });
  writeEntries(entries, out);
}

function writeEntries(entries: readonly MetadataEntry[], out: BodyWriter): void {
  let comma = '';
  for (const { key, value } of entries) {
    out.add(`${comma}${quoteKey(key)}:`);
    out.add(value);
    comma = ',';
  }
}
