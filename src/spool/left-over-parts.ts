import type { DropReason } from '../model.js';
import type { Clock } from '../ports.js';
import type { FileSystem } from './file-system.js';
import type { Place } from './journal.js';
import type { Noted } from './marks.js';
import type { PayloadCodec } from './payload-codec.js';
import type { Quarantine } from './quarantine.js';
import type { SegmentFile } from './segment-file.js';

export interface LeftOverParts {
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly codec: PayloadCodec;
  readonly project: string;
  readonly maxAgeMs: number;
  readonly quarantine: Quarantine;
  readonly warn: (message: string, fields: Readonly<{ [name: string]: unknown }>) => void;
  /** Records were found, whatever becomes of them. */
  readonly onFound: (count: number) => void;
  readonly onDropped: (reason: DropReason, count: number) => void;
  /** Nothing is left in the directory that could be sent. @param hasUnreadable - something might be, another time. */
  readonly onEmptied: (directory: string, hasUnreadable: boolean) => void;
  /** Whether everything is there that was noted in a directory of dead owners. */
  readonly hasAllNotes: (directory: string) => boolean;
}

/** A segment that was found, and how far it has been read back. */
export interface LeftSegment {
  readonly file: SegmentFile;
  readonly createdMs: number;
  /** Clock time at which it, or a note on it, was last written: no request with anything in it began later. */
  readonly touchedAt: number;
  readonly notes: Map<number, Noted>;
  /** Ids of interim records whose complete one was found behind them. */
  readonly completed: Set<number>;
  /** Its owner may be alive after all, and send the same. */
  readonly mayBeSentElsewhere: boolean;
  /** Records that can be sent. */
  unread: number;
  cursor: number;
}

/** A record that was under way when its process ended. */
export interface LeftDoubt {
  readonly segment: LeftSegment;
  readonly place: Place;
  /** The requests that may have brought it: the same for all that went together. Undefined where that is not sure. */
  readonly requests: string | undefined;
}
