import type { MetadataEntry, ObservationRecord, TraceEvent } from '../record.js';

/** What the rest of a record takes at most: ids, times, names of fields, in the wordier of the two protocols. */
const FRAME_SIZE = 900;
const ENTRY_SIZE = 60;

type Sized = Pick<
  ObservationRecord,
  'input' | 'output' | 'metadata' | 'otlpEvents' | 'otlpLinks' | 'trace' | 'traceEvent'
>;

/** What a record takes in a request, in UTF-16 units, before quoting. */
export function sizeOf(record: Sized): number {
  const size =
    FRAME_SIZE +
    lengthOf(record.input) +
    lengthOf(record.output) +
    lengthOf(record.otlpEvents) +
    lengthOf(record.otlpLinks) +
    sizeOfEntries(record.metadata) +
    sizeOfEntries(record.trace.metadata);
  return size + (record.traceEvent ? sizeOfTraceEvent(record.traceEvent, size) : 0);
}

/** A root's repeats all of its record but the events and links. */
function sizeOfTraceEvent({ input, output, fields, fromRoot }: TraceEvent, recordSize: number): number {
  return fromRoot ? recordSize : FRAME_SIZE + lengthOf(input) + lengthOf(output) + sizeOfEntries(fields.metadata);
}

function sizeOfEntries(entries: readonly MetadataEntry[]): number {
  let size = 0;
  for (const { key, value } of entries) size += value.length + key.length + ENTRY_SIZE;
  return size;
}

function lengthOf(text: string | undefined): number {
  return text === undefined ? 0 : text.length;
}
