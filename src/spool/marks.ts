import { checksum } from './checksum.js';

/*
 * What became of the records of a segment stands in a second file, which only grows, too: 16 bytes a note.
 *
 *   ┌────────────┬──────┬──────────────────┐
 *   │ record id  │ mark │ CRC of these 12  │
 *   │ u64        │ u32  │ u32              │
 *   └────────────┴──────┴──────────────────┘
 *
 * A note that is torn or damaged is no note. Losing notes costs repeats, never records.
 */
export const MARK_BYTES = 16;

export const MARKS = {
  /** Settled, one way or the other: it need not be sent any more. */
  done: 1,
  /** A request with it is about to go out, on a protocol where a repeat shows: after a crash it may be at the server. */
  doubt: 2,
  /** Found on disk, and about to be sent: written before, so that a record which kills the process is known as such. */
  tried: 3,
  /** The attempt is over and the process has survived it. */
  survived: 4,
  /** The server has said that it does not have it: it is in doubt no longer. */
  answered: 5,
} as const;

export type Mark = keyof typeof MARKS;

/** What is noted about one record. */
export interface Noted {
  isDone: boolean;
  /** Undefined when nothing is noted of it. */
  inDoubt: boolean | undefined;
  /** Lives of a process that began to send it and ended meanwhile. */
  deadlyTries: number;
}

export function encodeMarks(mark: Mark, ids: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(MARK_BYTES * ids.length);
  let at = 0;
  for (const id of ids) {
    bytes.writeUInt32LE(id >>> 0, at);
    bytes.writeUInt32LE(Math.floor(id / 2 ** 32), at + 4);
    bytes.writeUInt32LE(MARKS[mark], at + 8);
    bytes.writeUInt32LE(checksum(bytes, at, at + 12), at + 12);
    at += MARK_BYTES;
  }
  return bytes;
}

/** Notes by record id. Whatever the bytes are, it does not throw. */
export function decodeMarks(bytes: Buffer): Map<number, Noted> {
  const notes = new Map<number, Noted>();
  for (let at = 0; at + MARK_BYTES <= bytes.length; at += MARK_BYTES) {
    if (bytes.readUInt32LE(at + 12) !== checksum(bytes, at, at + 12)) continue;
    const id = bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 2 ** 32;
    let noted = notes.get(id);
    if (noted === undefined) {
      noted = { isDone: false, inDoubt: undefined, deadlyTries: 0 };
      notes.set(id, noted);
    }
    note(noted, bytes.readUInt32LE(at + 8));
  }
  return notes;
}

function note(noted: Noted, mark: number): void {
  if (mark === MARKS.done) noted.isDone = true;
  else if (mark === MARKS.doubt) noted.inDoubt = true;
  else if (mark === MARKS.answered) noted.inDoubt = false;
  else if (mark === MARKS.tried) noted.deadlyTries++;
  else if (mark === MARKS.survived) noted.deadlyTries = 0;
}
