import type { Protocol } from '../model.js';
import type { ServerTraits } from '../ports.js';
import type { ObservationRecord } from '../record.js';
import { ingestionEncoder } from './ingestion.js';
import { otlpEncoder } from './otlp.js';
import { type Piece, piecesOf } from './pieces.js';
import { sizeOf } from './record-size.js';

const ENCODERS = { ingestion: ingestionEncoder, otlp: otlpEncoder } as const;

/** A control character takes six bytes in JSON, and seven as JSON in JSON. */
const MOST_BYTES_PER_UNIT = 7;
/** Each round measures what the one before came to; a second one is for texts whose characters differ much in size. */
const MAX_ROUNDS = 8;
const SMALLEST_PIECE = 256;

/** What a record has to fit in. */
export interface Room {
  readonly protocol: Protocol;
  readonly traits: ServerTraits;
  readonly maxBytes: number;
}

/**
 * The record, with its largest content cut until it takes at most `maxBytes`. What is cut says so in its own text; a
 * structure that is cut becomes text. The same record and room always give the same result.
 */
export function fitRecord(record: ObservationRecord, { protocol, traits, maxBytes }: Room): ObservationRecord {
  // A root's resource is written twice, and counted in no record's size.
  if ((record.size + 2 * record.resource.attributes.length) * MOST_BYTES_PER_UNIT <= maxBytes) return record;
  let fitted = record;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const excess = ENCODERS[protocol].encode([fitted], traits).body.byteLength - maxBytes;
    if (excess <= 0) break;
    fitted = without(fitted, excess, protocol);
  }
  return fitted;
}

/** Cuts whatever is larger than a level, which is as high as it can be: small pieces stay whole. */
function without(record: ObservationRecord, excess: number, protocol: Protocol): ObservationRecord {
  const pieces = piecesOf(record, protocol).sort((one, other) => other.bytes - one.bytes);
  const level = levelFor(pieces, excess);
  let cut = record;
  for (const piece of pieces) if (piece.bytes > level) cut = piece.cutTo(cut, level);
  return { ...cut, size: sizeOf(cut) };
}

function levelFor(pieces: readonly Piece[], excess: number): number {
  let bytes = 0;
  let copies = 0;
  for (const [place, piece] of pieces.entries()) {
    bytes += piece.bytes * piece.copies;
    copies += piece.copies;
    const level = (bytes - excess) / copies;
    if (level >= (pieces[place + 1]?.bytes ?? 0)) return Math.max(level, SMALLEST_PIECE / 2);
  }
  return SMALLEST_PIECE / 2;
}
