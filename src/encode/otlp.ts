import { LANGFUSE } from '../attribute-keys.js';
import type { Json, ObservationRecord, ResourceJson } from '../model.js';
import type { EncodedBatch, Encoder } from '../ports.js';
import { asText } from './json.js';
import { otlpAttribute, otlpTextList } from './otlp-attributes.js';
import { toNanos } from './time.js';

const NO_EVENTS: ReadonlyMap<string, readonly number[]> = new Map();

/**
 * A scope of our own: under the original one the server's rules for other vendors would apply a second time (`ai`
 * invents 0/0 usage, `langfuse-sdk` deletes metadata, …). The original travels as metadata. The resource is the
 * original: no rule hangs on it that an explicit attribute of ours does not overrule.
 */
const SCOPE: Json = '"scope":{"name":"opentelemetry-exporter-langfuse"}';

/** `POST /api/public/otel/v1/traces`, as JSON: one OTLP span per observation, in Langfuse's own attributes. */
export const otlpEncoder: Encoder = {
  encode(records): EncodedBatch {
    const spansOf = new Map<ResourceJson, Json[]>();
    for (const record of records) {
      const spans = spansOf.get(record.resource);
      if (spans) spans.push(toSpan(record));
      else spansOf.set(record.resource, [toSpan(record)]);
    }
    const resourceSpans: Json[] = [];
    for (const [resource, spans] of spansOf) {
      const scopeSpans = `[{${SCOPE},"spans":[${spans.join(',')}]}]`;
      resourceSpans.push(`{"resource":{"attributes":${resource.otlp}},"scopeSpans":${scopeSpans}}`);
    }
    return { body: `{"resourceSpans":[${resourceSpans.join(',')}]}`, recordsOf: NO_EVENTS };
  },
};

function toSpan(record: ObservationRecord): Json {
  const message = record.statusMessage === undefined ? '' : `,"message":${record.statusMessage}`;
  return (
    `{"traceId":"${record.traceId}","spanId":"${record.spanId}"` +
    (record.parentId === undefined ? '' : `,"parentSpanId":"${record.parentId}"`) +
    `,"name":${record.name},"kind":${record.kind + 1}` +
    `,"startTimeUnixNano":"${toNanos(record.startTime)}","endTimeUnixNano":"${toNanos(record.endTime)}"` +
    `,"attributes":[${attributesOf(record)}]` +
    (record.otlpEvents === undefined ? '' : `,"events":${record.otlpEvents}`) +
    (record.otlpLinks === undefined ? '' : `,"links":${record.otlpLinks}`) +
    `,"status":{"code":${record.statusCode}${message}}}`
  );
}

function attributesOf(record: ObservationRecord): Json {
  const { trace } = record;
  let json =
    otlpAttribute(LANGFUSE.type, `"${record.type}"`) +
    attribute(LANGFUSE.environment, record.environment) +
    attribute(LANGFUSE.level, `"${record.level}"`) +
    attribute(LANGFUSE.statusMessage, record.statusMessage) +
    attribute(LANGFUSE.version, record.version ?? trace.version) +
    attribute(LANGFUSE.release, record.release ?? trace.release) +
    attribute(LANGFUSE.input, text(record.input)) +
    attribute(LANGFUSE.output, text(record.output)) +
    attribute(LANGFUSE.model, record.model) +
    attribute(LANGFUSE.modelParameters, text(record.modelParameters)) +
    attribute(LANGFUSE.usage, text(record.usage)) +
    attribute(LANGFUSE.cost, text(record.cost)) +
    attribute(LANGFUSE.promptName, record.promptName) +
    attribute(LANGFUSE.promptVersion, record.promptVersion?.toString()) +
    attribute(LANGFUSE.completionStartTime, record.completionStartTime && `"${record.completionStartTime}"`) +
    attribute(LANGFUSE.traceName, trace.name) +
    attribute(LANGFUSE.userId, trace.userId) +
    attribute(LANGFUSE.sessionId, trace.sessionId) +
    attribute(LANGFUSE.tracePublic, trace.public);
  if (trace.tags !== undefined) json += `,${otlpTextList(LANGFUSE.traceTags, trace.tags)}`;
  json += explicitTraceContent(record);
  if (record.position === 'local') json += attribute(LANGFUSE.isAppRoot, 'true');
  for (const { key, value } of record.metadata) json += attribute(`${LANGFUSE.metadata}.${key}`, value);
  for (const { key, value } of trace.metadata) json += attribute(`${LANGFUSE.traceMetadata}.${key}`, value);
  return json;
}

/** A further attribute: with its comma, or nothing. */
function attribute(key: string, value: Json | undefined): Json {
  const json = otlpAttribute(key, value);
  return json === '' ? '' : `,${json}`;
}

function text(json: Json | undefined): Json | undefined {
  return json === undefined ? undefined : asText(json);
}

/** For servers that still keep traces: what the trace shows where it differs from what its root observation shows. */
function explicitTraceContent({ traceEvent, input, output }: ObservationRecord): Json {
  if (traceEvent === undefined) return '';
  return (
    (traceEvent.input === input ? '' : attribute(LANGFUSE.traceInput, text(traceEvent.input))) +
    (traceEvent.output === output ? '' : attribute(LANGFUSE.traceOutput, text(traceEvent.output)))
  );
}
