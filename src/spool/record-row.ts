import type { MetadataEntry, ObservationRecord, TraceEvent, TraceRecord } from '../record.js';
import type { HrTime } from '../span.js';

/*
 * The fields of a record in a fixed order, without their names: writing those would be half of the work, and a quarter
 * of the bytes. A field that is added later comes last, so that older rows are read as ones without it.
 */

/** Absent values are null, as JSON has it. */
type Absent<T> = T | null | undefined;

type Row = readonly [
  id: string,
  traceId: string,
  spanId: string,
  parentId: Absent<string>,
  position: ObservationRecord['position'],
  type: ObservationRecord['type'],
  kind: number,
  statusCode: number,
  level: ObservationRecord['level'],
  startTime: HrTime,
  endTime: HrTime,
  completionStartTime: Absent<string>,
  name: string,
  environment: string,
  statusMessage: Absent<string>,
  version: Absent<string>,
  release: Absent<string>,
  model: Absent<string>,
  modelParameters: Absent<string>,
  usage: Absent<string>,
  cost: Absent<string>,
  promptName: Absent<string>,
  promptVersion: Absent<number>,
  metadata: readonly MetadataEntry[],
  otlpEvents: Absent<string>,
  otlpLinks: Absent<string>,
  trace: ObservationRecord['trace'],
  traceEvent: Absent<EventRow>,
  size: number,
  experiment: Absent<readonly MetadataEntry[]>,
  traceState: Absent<string>,
];

/** In place of what a trace event has of its record: a root repeats it, and once is enough. */
const SAME = 0;

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

/** What a row does not hold (beside what had to be `changed`, which is counted already): long texts, and what many records share. */
export type Apart = 'input' | 'output' | 'resource';

export function toRow(record: ObservationRecord): Row {
  const { traceEvent } = record;
  return [
    record.id,
    record.traceId,
    record.spanId,
    record.parentId,
    record.position,
    record.type,
    record.kind,
    record.statusCode,
    record.level,
    record.startTime,
    record.endTime,
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
    record.metadata,
    record.otlpEvents,
    record.otlpLinks,
    record.trace,
    traceEvent && toEventRow(traceEvent, record),
    record.size,
    record.experiment.length === 0 ? undefined : record.experiment,
    record.traceState,
  ];
}

/** Undefined when it is no row. */
export function fromRow(row: unknown, apart: Pick<ObservationRecord, Apart>): ObservationRecord | undefined {
  if (!isRow(row)) return undefined;
  const traceEvent = row[27];
  return {
    ...apart,
    id: row[0],
    traceId: row[1],
    spanId: row[2],
    parentId: row[3] ?? undefined,
    position: row[4],
    type: row[5],
    kind: row[6],
    statusCode: row[7],
    level: row[8],
    startTime: row[9],
    endTime: row[10],
    completionStartTime: row[11] ?? undefined,
    name: row[12],
    environment: row[13],
    statusMessage: row[14] ?? undefined,
    version: row[15] ?? undefined,
    release: row[16] ?? undefined,
    model: row[17] ?? undefined,
    modelParameters: row[18] ?? undefined,
    usage: row[19] ?? undefined,
    cost: row[20] ?? undefined,
    promptName: row[21] ?? undefined,
    promptVersion: row[22] ?? undefined,
    metadata: row[23],
    otlpEvents: row[24] ?? undefined,
    otlpLinks: row[25] ?? undefined,
    trace: row[26],
    traceEvent: traceEvent ? fromEventRow(traceEvent, apart, row[26]) : undefined,
    size: row[28],
    experiment: row[29] ?? [],
    traceState: row[30] ?? undefined,
  };
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

function fromEventRow(row: EventRow, apart: Pick<ObservationRecord, Apart>, trace: TraceRecord): TraceEvent {
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
function isRow(value: unknown): value is Row {
  if (!Array.isArray(value)) return false;
  const row: readonly unknown[] = value;
  const trace = row[26];
  return (
    [0, 1, 2, 4, 5, 8, 12, 13].every((at) => typeof row[at] === 'string') &&
    [6, 7, 28].every((at) => typeof row[at] === 'number') &&
    [9, 10, 23].every((at) => Array.isArray(row[at])) &&
    typeof trace === 'object' &&
    trace !== null
  );
}
