import type { Json, MetadataEntry, ObservationRecord, ObservationType, TraceEvent } from '../model.js';
import type { EncodedBatch, Encoder, ServerTraits } from '../ports.js';
import { quote, quoteKey } from './json.js';
import { oldUsageOf } from './old-usage.js';
import { toIso } from './time.js';

const NAME = quote('opentelemetry-exporter-langfuse');

/** What the server's own OTLP mapping calls the resource in the metadata. */
const RESOURCE_KEY = 'resourceAttributes';

/** `POST /api/public/ingestion`: one event per observation and, where a trace is concerned, one for the trace. */
export const ingestionEncoder: Encoder = {
  encode(records, traits): EncodedBatch {
    const recordsOf = new Map<string, number[]>();
    const events: Json[] = [];
    const speakers = traceSpeakers(records);
    records.forEach((record, index) => {
      recordsOf.set(record.id, [index]);
      const speaker = record.traceEvent && speakers.get(record.traceId);
      if (speaker?.traceEvent) {
        const dependants = recordsOf.get(speaker.traceEvent.id);
        if (dependants) dependants.push(index);
        else {
          recordsOf.set(speaker.traceEvent.id, [index]);
          events.push(traceCreate(speaker, speaker.traceEvent));
        }
      }
      events.push(observationCreate(record, traits));
    });
    const metadata = `{"sdk_name":${NAME},"batch_size":${events.length}}`;
    return { body: `{"batch":[${events.join(',')}],"metadata":${metadata}}`, recordsOf };
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

function traceCreate({ traceId, trace }: ObservationRecord, event: TraceEvent): Json {
  const body =
    `{"id":"${traceId}","timestamp":"${event.startTime}","environment":${event.environment}` +
    field('name', trace.name) +
    field('userId', trace.userId) +
    field('sessionId', trace.sessionId) +
    field('tags', trace.tags) +
    field('public', trace.public) +
    field('version', trace.version) +
    field('release', trace.release) +
    field('input', event.input) +
    field('output', event.output) +
    metadataField(trace.metadata);
  return `{"id":"${event.id}","type":"trace-create","timestamp":"${event.timestamp}","body":${body}}}`;
}

function observationCreate(record: ObservationRecord, traits: ServerTraits): Json {
  const type = wireType(record, traits);
  const start = toIso(record.startTime);
  const isEvent = type === 'event';
  let body =
    `{"id":"${record.spanId}","traceId":"${record.traceId}","name":${record.name},"startTime":"${start}"` +
    (isEvent ? '' : `,"endTime":"${toIso(record.endTime)}"`) +
    (record.parentId === undefined ? '' : `,"parentObservationId":"${record.parentId}"`) +
    `,"environment":${record.environment},"level":"${record.level}"` +
    field('statusMessage', record.statusMessage) +
    field('version', record.version) +
    field('input', record.input) +
    field('output', record.output);
  if (type !== 'span' && !isEvent) body += generationFields(record, traits);
  const metadata = [...record.metadata];
  if (type !== record.type) metadata.push(wantedType(record.type));
  if (!metadata.some(({ key }) => key === RESOURCE_KEY))
    metadata.push({ key: RESOURCE_KEY, value: record.resource.attributes });
  return `{"id":"${record.id}","type":"${type}-create","timestamp":"${start}","body":${body}${metadataField(metadata)}}}`;
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

function wantedType(type: ObservationType): MetadataEntry {
  return { key: 'langfuse.observation.type', value: quote(type) };
}

function field(name: string, value: Json | undefined): Json {
  return value === undefined ? '' : `,"${name}":${value}`;
}

function metadataField(entries: readonly MetadataEntry[]): Json {
  if (entries.length === 0) return '';
  let json = '';
  for (const { key, value } of entries) json += `${json === '' ? '' : ','}${quoteKey(key)}:${value}`;
  return `,"metadata":{${json}}`;
}
