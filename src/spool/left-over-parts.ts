import type { DropReason } from '../model.js';
import type { Clock } from '../ports.js';
import type { FileSystem } from './file-system.js';
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
}

/** A segment that was found, and how far it has been read back. */
export interface LeftSegment {
  readonly file: SegmentFile;
  readonly createdMs: number;
  readonly notes: Map<number, Noted>;
  /** Ids of interim records whose complete one was found behind them. */
  readonly completed: Set<number>;
  unread: number;
  cursor: number;
}
