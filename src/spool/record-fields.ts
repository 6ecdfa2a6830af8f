import type { MetadataEntry, ObservationRecord, TraceEvent, TraceRecord } from '../record.js';

/*
 * The fields of a record, all but the long ones, in a fixed order in one text. Most of them are JSON texts already, so
 * they are only put one behind the other, separated by U+0000, which no JSON text and no id contains; absent ones are
 * empty. Quoting them once more, or writing their names, would be half of the work of a whole record.
 *
 *   id ␀ trace id ␀ … ␀ number of metadata entries ␀ key ␀ value ␀ key ␀ value … ␀ the same of the trace
 */
const SEPARATOR = '\u0000';
/** Those before the metadata. */
const FIXED_FIELDS = 39;

type Fields = readonly [
  id: string,
  traceId: string,
  spanId: string,
  parentId: string,
  position: ObservationRecord['position'],
  type: ObservationRecord['type'],
  kind: string,
  statusCode: string,
  level: ObservationRecord['level'],
  startSeconds: string,
  startNanos: string,
  endSeconds: string,
  endNanos: string,
  completionStartTime: string,
  name: string,
  environment: string,
  statusMessage: string,
  version: string,
  release: string,
  model: string,
  modelParameters: string,
  usage: string,
  cost: string,
  promptName: string,
  promptVersion: string,
  otlpEvents: string,
  otlpLinks: string,
  size: string,
  traceName: string,
  userId: string,
  sessionId: string,
  tags: string,
  isPublic: string,
  traceVersion: string,
  traceRelease: string,
  traceEvent: string,
  traceState: string,
  experiment: string,
  entries: string,
  ...metadata: string[],
];

/** In place of what a trace event has of its record: a root repeats it, and once is enough. */
const SAME = 0;
type Absent<T> = T | null | undefined;
type EventRow = readonly [
  id: string,
  timestamp: string,
  startTime: string,
  environment: string,
  input: Absent<string | typeof SAME>,
  output: Absent<string | typeof SAME>,
  fromRoot: boolean,
  fields: TraceRecord | typeof SAME,
];

/** What the fields do not hold: long texts, and what many records share; nor what had to be `changed`, which is counted. */
export type Apart = Pick<ObservationRecord, 'input' | 'output' | 'resource'>;

export function toFields(record: ObservationRecord): string {
  const { trace, traceEvent, startTime, endTime } = record;
  const fields: (string | number | undefined)[] = [
    record.id,
    record.traceId,
    record.spanId,
    record.parentId,
    record.position,
    record.type,
    record.kind,
    record.statusCode,
    record.level,
    startTime[0],
    startTime[1],
    endTime[0],
    endTime[1],
    record.completionStartTime,
    record.name,
    record.environment,
    record.statusMessage,
    record.version,
    record.release,
    record.model,
    record.modelParameters,
    record.usage,
    record.cost,
    record.promptName,
    record.promptVersion,
    record.otlpEvents,
    record.otlpLinks,
    record.size,
    trace.name,
    trace.userId,
    trace.sessionId,
    trace.tags,
    trace.public,
    trace.version,
    trace.release,
    traceEvent && JSON.stringify(toEventRow(traceEvent, record)),
    record.traceState,
    record.experiment.length === 0 ? undefined : JSON.stringify(record.experiment),
    record.metadata.length,
  ];
  addEntries(fields, record.metadata);
  addEntries(fields, trace.metadata);
  return fields.join(SEPARATOR);
}

/** Undefined when they are none of a record. @throws on a trace event or a key that is no JSON. */
export function fromFields(text: string, apart: Apart): ObservationRecord | undefined {
  const f: readonly string[] = text.split(SEPARATOR);
  if (!isFields(f)) return undefined;
  const traceMetadataAt = FIXED_FIELDS + 2 * Number(f[38]);
  const trace = traceIn(f, traceMetadataAt);
  return {
    ...apart,
    id: f[0],
    traceId: f[1],
    spanId: f[2],
    parentId: f[3] || undefined,
    position: f[4],
    type: f[5],
    kind: Number(f[6]),
    statusCode: Number(f[7]),
    level: f[8],
    startTime: [Number(f[9]), Number(f[10])],
    endTime: [Number(f[11]), Number(f[12])],
    completionStartTime: f[13] || undefined,
    name: f[14],
    environment: f[15],
    statusMessage: f[16] || undefined,
    version: f[17] || undefined,
    release: f[18] || undefined,
    model: f[19] || undefined,
    modelParameters: f[20] || undefined,
    usage: f[21] || undefined,
    cost: f[22] || undefined,
    promptName: f[23] || undefined,
    promptVersion: f[24] === '' ? undefined : Number(f[24]),
    otlpEvents: f[25] || undefined,
    otlpLinks: f[26] || undefined,
    size: Number(f[27]),
    metadata: entriesIn(f, FIXED_FIELDS, traceMetadataAt),
    trace,
    traceEvent: f[35] === '' ? undefined : toEvent(JSON.parse(f[35]), apart, trace),
    traceState: f[36] || undefined,
    experiment: f[37] === '' ? [] : (JSON.parse(f[37]) as readonly MetadataEntry[]),
  };
}

function traceIn(f: Fields, metadataAt: number): ObservationRecord['trace'] {
  return {
    name: f[28] || undefined,
    userId: f[29] || undefined,
    sessionId: f[30] || undefined,
    tags: f[31] || undefined,
    public: f[32] || undefined,
    version: f[33] || undefined,
    release: f[34] || undefined,
    metadata: entriesIn(f, metadataAt, f.length),
  };
}

function addEntries(fields: (string | number | undefined)[], entries: readonly MetadataEntry[]): void {
  for (const { key, value } of entries) fields.push(JSON.stringify(key), value);
}

function entriesIn(fields: readonly string[], from: number, to: number): readonly MetadataEntry[] {
  const entries: MetadataEntry[] = [];
  for (let at = from; at + 1 < to; at += 2) {
    entries.push({ key: String(JSON.parse(fields[at] ?? '')), value: fields[at + 1] ?? '' });
  }
  return entries;
}

function toEventRow(event: TraceEvent, { input, output, trace }: ObservationRecord): EventRow {
  return [
    event.id,
    event.timestamp,
    event.startTime,
    event.environment,
    event.input !== undefined && event.input === input ? SAME : event.input,
    event.output !== undefined && event.output === output ? SAME : event.output,
    event.fromRoot,
    event.fields === trace ? SAME : event.fields,
  ];
}

function toEvent(row: unknown, apart: Apart, trace: TraceRecord): TraceEvent | undefined {
  if (!isEventRow(row)) return undefined;
  return {
    id: row[0],
    timestamp: row[1],
    startTime: row[2],
    environment: row[3],
    input: row[4] === SAME ? apart.input : (row[4] ?? undefined),
    output: row[5] === SAME ? apart.output : (row[5] ?? undefined),
    fromRoot: row[6],
    fields: row[7] === SAME ? trace : row[7],
  };
}

/** What every encoder relies on; the rest is as we wrote it, or the checksum would not agree. */
function isFields(fields: readonly string[]): fields is Fields {
  const numbers = [6, 7, 9, 10, 11, 12, 27, 38].map((at) => fields[at]);
  return (
    fields.length >= FIXED_FIELDS &&
    fields.length % 2 === FIXED_FIELDS % 2 &&
    [0, 1, 2, 4, 5, 8, 14, 15].every((at) => fields[at] !== '') &&
    numbers.every((number) => number !== '' && Number.isFinite(Number(number)))
  );
}

function isEventRow(value: unknown): value is EventRow {
  return Array.isArray(value) && [0, 1, 2, 3].every((at) => typeof value[at] === 'string');
}
