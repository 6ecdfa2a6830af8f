import type { MetadataEntry, ObservationRecord, TraceEvent, TraceRecord } from '../record.js';

/** What the rest of a record takes at most: ids, times, names of fields, in the wordier of the two protocols. */
const FRAME_SIZE = 900;
const ENTRY_SIZE = 60;

/** Texts, as JSON or before it. */
type Text =
  | ('input' | 'output' | 'name' | 'statusMessage' | 'version' | 'release' | 'model' | 'modelParameters')
  | ('usage' | 'cost' | 'promptName' | 'otlpEvents' | 'otlpLinks');
const TEXTS: readonly Text[] = [
  ...(['input', 'output', 'name', 'statusMessage', 'version', 'release', 'model', 'modelParameters'] as const),
  ...(['usage', 'cost', 'promptName', 'otlpEvents', 'otlpLinks'] as const),
];
const TRACE_TEXTS = ['name', 'userId', 'sessionId', 'tags', 'version', 'release'] as const;

type Sized = Pick<ObservationRecord, Text | 'metadata' | 'experiment' | 'trace' | 'traceEvent'>;

/** What a record takes in a request, in UTF-16 units, before quoting. */
export function sizeOf(record: Sized): number {
  let size = FRAME_SIZE + sizeOfEntries(record.metadata) + sizeOfEntries(record.experiment);
  for (const field of TEXTS) size += lengthOf(record[field]);
  size += sizeOfTrace(record.trace);
  return size + (record.traceEvent ? sizeOfTraceEvent(record.traceEvent, record, size) : 0);
}

function sizeOfTrace(trace: TraceRecord): number {
  let size = sizeOfEntries(trace.metadata);
  for (const field of TRACE_TEXTS) size += lengthOf(trace[field]);
  return size;
}

/** A root's repeats all of its record but the events and links. */
function sizeOfTraceEvent({ input, output, fields, fromRoot }: TraceEvent, record: Sized, recordSize: number): number {
  const own = lengthOf(input) + lengthOf(output) + sizeOfTrace(fields);
  if (!fromRoot) return FRAME_SIZE + own;
  return recordSize + own - lengthOf(record.input) - lengthOf(record.output) - sizeOfTrace(record.trace);
}

function sizeOfEntries(entries: readonly MetadataEntry[]): number {
  let size = 0;
  for (const { key, value } of entries) size += value.length + key.length + ENTRY_SIZE;
  return size;
}

function lengthOf(text: string | undefined): number {
  return text === undefined ? 0 : text.length;
}
