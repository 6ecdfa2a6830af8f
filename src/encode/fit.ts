import type { Json, MetadataEntry, ObservationRecord } from '../record.js';
import { cutText } from '../wire-rules.js';
import { quote } from './json.js';
import { sizeOf } from './record-size.js';

/** Each round cuts the largest piece to what is left for it; more pieces than this are never the problem. */
const MAX_ROUNDS = 16;
const SMALLEST_PIECE = 256;
const MARKER_LENGTH = 80;

/**
 * The record, with its largest content cut until it takes at most `maxSize`. What is cut says so in its own text; a
 * structure that is cut becomes text. The same record and limit always give the same result.
 */
export function fitRecord(record: ObservationRecord, maxBytes: number): ObservationRecord {
  // Quoting may add as much again, and a UTF-16 unit takes three bytes at most.
  if (record.size * 3 <= maxBytes) return record;
  let fitted = record;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const excess = bytesOf(fitted) - maxBytes;
    if (excess <= 0) break;
    const piece = largestPiece(fitted);
    if (piece.bytes <= SMALLEST_PIECE) break;
    fitted = piece.cutTo(Math.max(SMALLEST_PIECE / 2, piece.bytes - excess / piece.copies));
  }
  return fitted;
}

/** A field of the record that may be cut. */
interface Piece {
  readonly bytes: number;
  /** How often it is written: a root's content also stands in its trace event. */
  readonly copies: number;
  cutTo(bytes: number): ObservationRecord;
}

function bytesOf(record: ObservationRecord): number {
  const { input, output, traceEvent } = record;
  let bytes = record.size - record.resource.attributes.length;
  for (const text of [input, output, traceEvent?.input, traceEvent?.output]) {
    if (text !== undefined) bytes += quotedBytes(text) - text.length;
  }
  for (const { value } of record.metadata) bytes += quotedBytes(value) - value.length;
  return bytes + record.resource.attributes.length * 2;
}

function quotedBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}

function largestPiece(record: ObservationRecord): Piece {
  let largest: Piece = { bytes: 0, copies: 1, cutTo: () => record };
  const consider = (piece: Piece): void => {
    if (piece.bytes * piece.copies > largest.bytes * largest.copies) largest = piece;
  };
  for (const field of ['input', 'output'] as const) {
    const text = record[field];
    const event = record.traceEvent;
    const isShared = event !== undefined && event[field] === text;
    if (text !== undefined) {
      consider({
        bytes: quotedBytes(text),
        copies: isShared ? 2 : 1,
        cutTo: (bytes) => {
          const cut = cutContent(text, bytes);
          return resized({ ...record, [field]: cut, ...(isShared ? { traceEvent: { ...event, [field]: cut } } : {}) });
        },
      });
    }
    const own = isShared ? undefined : event?.[field];
    if (event && own !== undefined) {
      consider({
        bytes: quotedBytes(own),
        copies: 1,
        cutTo: (bytes) => resized({ ...record, traceEvent: { ...event, [field]: cutContent(own, bytes) } }),
      });
    }
  }
  // Their content stands in the metadata as well, where it is cut like all else.
  for (const field of ['otlpEvents', 'otlpLinks'] as const) {
    const bytes = Buffer.byteLength(record[field] ?? '');
    consider({ bytes, copies: 1, cutTo: () => resized({ ...record, [field]: undefined }) });
  }
  for (const [index, { value }] of record.metadata.entries()) {
    consider({
      bytes: quotedBytes(value),
      copies: 1,
      cutTo: (bytes) => resized({ ...record, metadata: withValue(record.metadata, index, cutJson(value, bytes)) }),
    });
  }
  return largest;
}

function withValue(entries: readonly MetadataEntry[], index: number, value: Json): readonly MetadataEntry[] {
  return entries.map((entry, position) => (position === index ? { key: entry.key, value } : entry));
}

function resized(record: ObservationRecord): ObservationRecord {
  return { ...record, size: sizeOf(record) };
}

/** The beginning of a text, about `bytes` bytes of it when quoted, and a word on how much is missing. */
function cutContent(text: string, bytes: number): string {
  const length = Math.floor((text.length * bytes) / quotedBytes(text)) - MARKER_LENGTH;
  const kept = cutText(text, Math.max(0, length));
  return `${kept}… [truncated: ${text.length - kept.length} of ${text.length} characters]`;
}

/** What is cut of a structure is no structure any more: it becomes text. */
function cutJson(json: Json, bytes: number): Json {
  return quote(cutContent(json.charCodeAt(0) === 0x22 ? String(JSON.parse(json)) : json, bytes / 2));
}
