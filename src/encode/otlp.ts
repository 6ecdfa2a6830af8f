import { LANGFUSE } from '../attribute-keys.js';
import type { EncodedBatch, Encoder } from '../ports.js';
import type { Json, ObservationRecord, ResourceJson } from '../record.js';
import { BodyWriter } from './body-writer.js';
import { anyValue, isStructure, otlpTextList } from './otlp-attributes.js';
import { openingOf, openingsUnder } from './otlp-openings.js';
import { quote } from './quote.js';
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
    const out = new BodyWriter(expectedSize(records));
    let comma = '';
    out.add('{"resourceSpans":[');
    for (const [resource, itsRecords] of byResource(records)) {
      out.add(`${comma}{"resource":{"attributes":${resource.otlp}},"scopeSpans":[{${SCOPE},"spans":[`);
      writeSpans(itsRecords, out);
      out.add(']}]}');
      comma = ',';
    }
    out.add(']}');
    return { body: out.finish(), recordsOf: NO_EVENTS };
  },
};

/** Quoting metadata once more adds a little to what the records count themselves. */
function expectedSize(records: readonly ObservationRecord[]): number {
  let size = 1024;
  for (const record of records) size += record.size * 1.2;
  return Math.ceil(size);
}

function byResource(records: readonly ObservationRecord[]): ReadonlyMap<ResourceJson, readonly ObservationRecord[]> {
  const groups = new Map<ResourceJson, ObservationRecord[]>();
  for (const record of records) {
    const group = groups.get(record.resource);
    if (group) group.push(record);
    else groups.set(record.resource, [record]);
  }
  return groups;
}

function writeSpans(records: readonly ObservationRecord[], out: BodyWriter): void {
  let comma = '';
  for (const record of records) {
    out.add(
      `${comma}{"traceId":"${record.traceId}","spanId":"${record.spanId}"` +
        (record.parentId === undefined ? '' : `,"parentSpanId":"${record.parentId}"`) +
        (record.traceState === undefined ? '' : `,"traceState":${quote(record.traceState)}`) +
        `,"name":${record.name},"kind":${record.kind + 1}` +
        `,"startTimeUnixNano":"${toNanos(record.startTime)}","endTimeUnixNano":"${toNanos(record.endTime)}","attributes":[`,
    );
    writeAttributes(record, out);
    out.add(']');
    if (record.otlpEvents !== undefined) out.add(`,"events":${record.otlpEvents}`);
    if (record.otlpLinks !== undefined) out.add(`,"links":${record.otlpLinks}`);
    const message = record.statusMessage === undefined ? '' : `,"message":${record.statusMessage}`;
    out.add(`,"status":{"code":${record.statusCode}${message}}}`);
    comma = ',';
  }
}

type ByName = { readonly [name in keyof typeof LANGFUSE]: Json };

const TEXT = '{"stringValue":';
/** Everything before the value of an attribute whose key is known: made once, not once per span. */
const ANY = Object.fromEntries(Object.entries(LANGFUSE).map(([name, key]) => [name, openingOf(key)])) as ByName;
const OPEN = Object.fromEntries(Object.entries(ANY).map(([name, opening]) => [name, opening + TEXT])) as ByName;
const CLOSE = '}}';

const metadataOpening = openingsUnder(LANGFUSE.metadata);
const traceMetadataOpening = openingsUnder(LANGFUSE.traceMetadata);
const experimentOpening = openingsUnder(LANGFUSE.experiment);

function writeAttributes(record: ObservationRecord, out: BodyWriter): void {
  const { trace } = record;
  out.add(`{"key":"${LANGFUSE.type}","value":{"stringValue":"${record.type}"}}`);
  writeText(OPEN.environment, record.environment, out);
  out.add(`${OPEN.level}"${record.level}"${CLOSE}`);
  writeText(OPEN.statusMessage, record.statusMessage, out);
  writeText(OPEN.version, record.version ?? trace.version, out);
  writeText(OPEN.release, record.release ?? trace.release, out);
  writeContent(OPEN.input, record.input, out);
  writeContent(OPEN.output, record.output, out);
  writeText(OPEN.model, record.model, out);
  writeContent(OPEN.modelParameters, record.modelParameters, out);
  writeContent(OPEN.usage, record.usage, out);
  writeContent(OPEN.cost, record.cost, out);
  writeText(OPEN.promptName, record.promptName, out);
  if (record.promptVersion !== undefined) writeAny(ANY.promptVersion, String(record.promptVersion), out);
  if (record.completionStartTime !== undefined)
    out.add(`${OPEN.completionStartTime}"${record.completionStartTime}"${CLOSE}`);
  writeText(OPEN.traceName, trace.name, out);
  writeText(OPEN.userId, trace.userId, out);
  writeText(OPEN.sessionId, trace.sessionId, out);
  if (trace.public !== undefined) writeAny(ANY.tracePublic, trace.public, out);
  if (trace.tags !== undefined) out.add(`,${otlpTextList(LANGFUSE.traceTags, trace.tags)}`);
  writeTraceContent(record, out);
  writePosition(record, out);
  let hasAttributes = false;
  for (const { key, value } of record.metadata) {
    writeAny(metadataOpening(key), value, out);
    hasAttributes ||= key === 'attributes';
  }
  // Else the server would list there all that is written above, a second time.
  if (!hasAttributes) writeAny(metadataOpening('attributes'), '{}', out);
  for (const { key, value } of trace.metadata) writeAny(traceMetadataOpening(key), value, out);
  for (const { key, value } of record.experiment) writeAny(experimentOpening(key), value, out);
}

/** A root without a parent is one by itself. The first mark is for the older tables of v4, the second for the newer. */
function writePosition({ position, parentId }: ObservationRecord, out: BodyWriter): void {
  if (position === 'inner' || parentId === undefined) return;
  if (position === 'trace') writeAny(ANY.asRoot, 'true', out);
  writeAny(ANY.isAppRoot, 'true', out);
}

/** For servers that still keep traces: what the trace shows where it differs from what its root observation shows. */
function writeTraceContent({ traceEvent, input, output }: ObservationRecord, out: BodyWriter): void {
  if (traceEvent === undefined) return;
  if (traceEvent.input !== input) writeContent(OPEN.traceInput, traceEvent.input, out);
  if (traceEvent.output !== output) writeContent(OPEN.traceOutput, traceEvent.output, out);
}

/** A further attribute: a text that is quoted only now, or JSON that travels as text. */
function writeContent(open: string, text: string | undefined, out: BodyWriter): void {
  if (text === undefined) return;
  out.add(open);
  out.addQuoted(text);
  out.add(CLOSE);
}

/** A further attribute that is a JSON text already. */
function writeText(open: string, value: Json | undefined, out: BodyWriter): void {
  if (value !== undefined) out.add(open + value + CLOSE);
}

/** A further attribute of any kind. */
function writeAny(open: Json, value: Json | undefined, out: BodyWriter): void {
  if (value === undefined || value === 'null') return;
  if (isStructure(value)) {
    writeContent(`${open}${TEXT}`, value, out);
    return;
  }
  const [opening, content, closing] = anyValue(value);
  out.add(open + opening);
  out.add(content);
  out.add(`${closing}}`);
}
