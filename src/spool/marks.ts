import { checksum } from './checksum.js';
import { IN_DOUBT } from './segment.js';

/*
 * What became of the records of a segment stands in a second file, which only grows, too: 16 bytes a note.
 *
 *   ┌────────────┬──────┬─────────┬──────────────────┐
 *   │ record id  │ mark │ request │ CRC of these 12  │
 *   │ u48        │ u8   │ u40     │ u32              │
 *   └────────────┴──────┴─────────┴──────────────────┘
 *
 * `request` is a random number that all records of one request are marked with: what is true of one of them is true of
 * all. 0 where there is none, or where it cannot be relied on.
 *
 * A note that is torn or damaged is no note. Losing notes costs repeats, never records.
 */
export const MARK_BYTES = 16;

export const MARKS = {
  /** Settled, one way or the other: it need not be sent any more. */
  done: 1,
  /** A request with it is about to go out, on a protocol where a repeat shows: after a crash it may be at the server. */
  doubt: 2,
  /** Found on disk, and about to be encoded: noted before, so that a record which kills the process is known as such. */
  tried: 3,
  /** The process has survived that. What kills it while the request is out is not the record. */
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
  /** The requests that may have brought it to the server, in their order; undefined when one of them is not known. */
  requests: string | undefined;
  /** The server had answered for it at some time: what was known before that counts no more. */
  isAnswered: boolean;
  /** Lives of a process that ended while it was encoded. */
  deadlyTries: number;
}

/** @param flags - of its frame. */
export function isInDoubt(noted: Noted | undefined, flags: number): boolean {
  return noted?.inDoubt ?? (flags & IN_DOUBT) !== 0;
}

/** What is noted of a record that need not be sent any more. */
export const DONE: Noted = {
  isDone: true,
  inDoubt: false,
  requests: '',
  isAnswered: false,
  deadlyTries: 0,
};

const MARK_AT = 6;
const REQUEST_AT = 7;
const CRC_AT = 12;

export function encodeMarks(mark: Mark, ids: readonly number[], request: number = 0): Buffer {
  const bytes = Buffer.allocUnsafe(MARK_BYTES * ids.length);
  let at = 0;
  for (const id of ids) {
    bytes.writeUIntLE(id, at, 6);
    bytes.writeUInt8(MARKS[mark], at + MARK_AT);
    bytes.writeUIntLE(request, at + REQUEST_AT, 5);
    bytes.writeUInt32LE(checksum(bytes, at, at + CRC_AT), at + CRC_AT);
    at += MARK_BYTES;
  }
  return bytes;
}

/** Notes by record id. Whatever the bytes are, it does not throw. */
export function decodeMarks(bytes: Buffer): Map<number, Noted> {
  const notes = new Map<number, Noted>();
  for (let at = 0; at + MARK_BYTES <= bytes.length; at += MARK_BYTES) {
    if (bytes.readUInt32LE(at + CRC_AT) !== checksum(bytes, at, at + CRC_AT)) continue;
    const id = bytes.readUIntLE(at, 6);
    let noted = notes.get(id);
    if (noted === undefined) {
      noted = { isDone: false, inDoubt: undefined, requests: '', isAnswered: false, deadlyTries: 0 };
      notes.set(id, noted);
    }
    note(noted, bytes.readUInt8(at + MARK_AT), bytes.readUIntLE(at + REQUEST_AT, 5));
  }
  return notes;
}

function note(noted: Noted, mark: number, request: number): void {
  if (mark === MARKS.done) noted.isDone = true;
  else if (mark === MARKS.doubt) {
    noted.inDoubt = true;
    noted.requests = request === 0 || noted.requests === undefined ? undefined : `${noted.requests} ${request}`;
  } else if (mark === MARKS.answered) {
    noted.inDoubt = false;
    noted.requests = '';
    noted.isAnswered = true;
  } else if (mark === MARKS.tried) noted.deadlyTries++;
  // Not the tries of lives before: it may kill by what it becomes in a second attempt, for another protocol or cut.
  else if (mark === MARKS.survived) noted.deadlyTries = Math.max(0, noted.deadlyTries - 1);
}
