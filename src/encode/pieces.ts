import type { Protocol } from '../model.js';
import type { Json, MetadataEntry, ObservationRecord, TraceRecord } from '../record.js';
import { cutText } from '../wire-rules.js';
import { quote } from './json.js';

/** What is written of a record in one place, and may be cut there. */
export interface Piece {
  /** About, in a request. */
  readonly bytes: number;
  /** How often it is written: a root's content also stands in its trace event. */
  readonly copies: number;
  cutTo(record: ObservationRecord, bytes: number): ObservationRecord;
}

/** Everything that can be large, as this protocol writes it. Ids, times and counts cannot. */
export function piecesOf(record: ObservationRecord, protocol: Protocol): Piece[] {
  const isOtlp = protocol === 'otlp';
  const ofRoot = !isOtlp && record.traceEvent?.fromRoot ? 2 : 1;
  return [
    ...contentPieces(record, isOtlp ? 1 : 2),
    ...TEXTS.flatMap((field) => textPiece(record, field)),
    ...STRUCTURES.flatMap((field) => structurePiece(record, field)),
    ...COUNTS.flatMap((field) => wholePiece(record, field)),
    ...(isOtlp ? REPEATED.flatMap((field) => wholePiece(record, field)) : []),
    ...entryPieces(record, 'metadata', { copies: ofRoot, isOtlp }),
    ...(isOtlp ? entryPieces(record, 'experiment', { copies: 1, isOtlp }) : []),
    ...tracePieces(record, isOtlp),
    resourcePiece(record, { copies: ofRoot, isOtlp }),
  ];
}

const TEXTS = ['name', 'statusMessage', 'version', 'release', 'model', 'promptName'] as const;
const STRUCTURES = ['modelParameters'] as const;
/** There all of it or not at all. */
const COUNTS = ['usage', 'cost'] as const;
/** Their content stands in the metadata as well, where it is cut like all else. */
const REPEATED = ['otlpEvents', 'otlpLinks'] as const;
const TRACE_TEXTS = ['userId', 'sessionId', 'version', 'release'] as const;

function contentPieces(record: ObservationRecord, copiesOfShared: number): Piece[] {
  const pieces: Piece[] = [];
  for (const field of ['input', 'output'] as const) {
    const text = record[field];
    const ofTrace = record.traceEvent?.[field];
    const isShared = text !== undefined && ofTrace === text;
    if (text !== undefined) {
      pieces.push({
        bytes: quotedBytes(text),
        copies: isShared ? copiesOfShared : 1,
        cutTo: (given, bytes) => {
          const cut = { ...given, [field]: cutContent(text, bytes) };
          return isShared ? withEventContent(cut, field, cut[field]) : cut;
        },
      });
    }
    if (ofTrace !== undefined && !isShared) {
      pieces.push({
        bytes: quotedBytes(ofTrace),
        copies: 1,
        cutTo: (given, bytes) => withEventContent(given, field, cutContent(ofTrace, bytes)),
      });
    }
  }
  return pieces;
}

function withEventContent(
  record: ObservationRecord,
  field: 'input' | 'output',
  text: string | undefined,
): ObservationRecord {
  return record.traceEvent ? { ...record, traceEvent: { ...record.traceEvent, [field]: text } } : record;
}

function textPiece(record: ObservationRecord, field: (typeof TEXTS)[number]): Piece[] {
  const json = record[field];
  if (json === undefined) return [];
  return [
    { bytes: byteLength(json), copies: 1, cutTo: (given, bytes) => ({ ...given, [field]: cutJson(json, bytes) }) },
  ];
}

function structurePiece(record: ObservationRecord, field: (typeof STRUCTURES)[number]): Piece[] {
  const json = record[field];
  if (json === undefined) return [];
  const cutTo: Piece['cutTo'] = (given, bytes) => ({ ...given, [field]: `{"truncated":${cutJson(json, bytes)}}` });
  return [{ bytes: byteLength(json), copies: 1, cutTo }];
}

function wholePiece(record: ObservationRecord, field: (typeof COUNTS | typeof REPEATED)[number]): Piece[] {
  const json = record[field];
  return json === undefined
    ? []
    : [{ bytes: byteLength(json), copies: 1, cutTo: (given) => ({ ...given, [field]: undefined }) }];
}

function entryPieces(
  record: ObservationRecord,
  field: 'metadata' | 'experiment',
  { copies, isOtlp }: { readonly copies: number; readonly isOtlp: boolean },
): Piece[] {
  return record[field].map((entry, place) => ({
    bytes: entryBytes(entry, isOtlp),
    copies,
    cutTo: (given, bytes) => {
      const cut = cutEntry(entry, bytes, isOtlp);
      return { ...given, [field]: given[field].map((one, at) => (at === place ? cut : one)) };
    },
  }));
}

/** The trace's fields travel with the span by one protocol, with the trace event by the other. */
function tracePieces(record: ObservationRecord, isOtlp: boolean): Piece[] {
  const { trace } = record;
  const { tags } = trace;
  const cutTags: Piece['cutTo'] = (given, bytes) =>
    withTrace(given, (fields) => (fields.tags === undefined ? fields : { ...fields, tags: cutTagsTo(tags, bytes) }));
  return [
    ...TRACE_TEXTS.flatMap((field) => traceTextPiece(trace, field)),
    ...(tags === undefined ? [] : [{ bytes: byteLength(tags), copies: 1, cutTo: cutTags }]),
    ...traceEntryPieces(record, isOtlp),
  ];
}

function traceTextPiece(trace: TraceRecord, field: (typeof TRACE_TEXTS)[number]): Piece[] {
  const json = trace[field];
  if (json === undefined) return [];
  const cutTo: Piece['cutTo'] = (given, bytes) =>
    withTrace(given, (fields) => (fields[field] === json ? { ...fields, [field]: cutJson(json, bytes) } : fields));
  return [{ bytes: byteLength(json), copies: 1, cutTo }];
}

/** What the event says of the trace is all that is known, of which the span's own part is a part. */
function traceEntryPieces({ trace, traceEvent }: ObservationRecord, isOtlp: boolean): Piece[] {
  const known = new Map([...trace.metadata, ...(traceEvent?.fields.metadata ?? [])].map((entry) => [entry.key, entry]));
  return [...known.values()].map((entry) => ({
    bytes: entryBytes(entry, isOtlp),
    copies: 1,
    cutTo: (given, bytes) => {
      const cut = cutEntry(entry, bytes, isOtlp);
      return withTrace(given, (fields) => ({
        ...fields,
        metadata: fields.metadata.map((one) => (one.key === entry.key ? cut : one)),
      }));
    },
  }));
}

function withTrace(record: ObservationRecord, change: (fields: TraceRecord) => TraceRecord): ObservationRecord {
  const { trace, traceEvent } = record;
  const changed = change(trace);
  if (traceEvent === undefined) return { ...record, trace: changed };
  const fields = traceEvent.fields === trace ? changed : change(traceEvent.fields);
  return { ...record, trace: changed, traceEvent: { ...traceEvent, fields } };
}

/** By one protocol each record of a request repeats it, by the other they share it. */
function resourcePiece(
  { resource }: ObservationRecord,
  { copies, isOtlp }: { readonly copies: number; readonly isOtlp: boolean },
): Piece {
  return {
    bytes: byteLength(isOtlp ? resource.otlp : resource.attributes),
    copies,
    cutTo: (given, bytes) => {
      const text = cutJson(resource.attributes, bytes);
      const otlp = `[{"key":"truncated","value":{"stringValue":${text}}}]`;
      return { ...given, resource: { attributes: `{"truncated":${text}}`, otlp } };
    },
  };
}

const MARKER_LENGTH = 80;

function byteLength(json: Json): number {
  return Buffer.byteLength(json);
}

function quotedBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}

/** The beginning of a text, about `bytes` bytes of it when quoted, and a word on how much is missing. */
function cutContent(text: string, bytes: number): string {
  const length = Math.floor((text.length * bytes) / quotedBytes(text)) - MARKER_LENGTH;
  const kept = cutText(text, Math.max(0, length));
  return `${kept}… [truncated: ${text.length - kept.length} of ${text.length} characters]`;
}

/** What is cut of a structure is no structure any more: it becomes text. */
function cutJson(json: Json, bytes: number): Json {
  return quote(cutContent(isText(json) ? String(JSON.parse(json)) : json, bytes));
}

function isText(json: Json): boolean {
  return json.charCodeAt(0) === 0x22;
}

/** On OTLP a structure travels as text. */
function valueBytes(json: Json, isOtlp: boolean): number {
  return isOtlp && !isText(json) ? quotedBytes(json) : byteLength(json);
}

function entryBytes({ key, value }: MetadataEntry, isOtlp: boolean): number {
  return quotedBytes(key) + valueBytes(value, isOtlp);
}

/** A long key leaves half of the room to its value. */
function cutEntry({ key, value }: MetadataEntry, bytes: number, isOtlp: boolean): MetadataEntry {
  const share = bytes / 2 / quotedBytes(key);
  const kept = share >= 1 ? key : cutText(key, Math.floor(key.length * share));
  const left = bytes - quotedBytes(kept);
  return { key: kept, value: valueBytes(value, isOtlp) <= left ? value : cutJson(value, left) };
}

/** The first ones, and a word on how many are missing. */
function cutTagsTo(json: Json | undefined, bytes: number): Json | undefined {
  const tags: readonly unknown[] = json === undefined ? [] : JSON.parse(json);
  const kept: unknown[] = [];
  let left = bytes - MARKER_LENGTH;
  for (const tag of tags) {
    left -= quotedBytes(String(tag)) + 1;
    if (left < 0) break;
    kept.push(tag);
  }
  return JSON.stringify([...kept, `… [truncated: ${tags.length - kept.length} of ${tags.length} tags]`]);
}
