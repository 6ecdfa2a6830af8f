import type { LedgerBook } from '../ledger/ledger.js';
import type { ErrorReporter } from '../runtime/error-reporter.js';
import type { Journal } from './journal.js';
import type { PayloadCodec } from './payload-codec.js';
import type { ReplayParts } from './replay.js';
import type { FsyncMode } from './saver.js';

/** What a spool on disk is made of; put together in `assembly/file-store.ts`. */
export interface FileSpoolParts extends ReplayParts {
  readonly journal: Journal;
  readonly ledger: LedgerBook;
  readonly reporter: ErrorReporter;
  readonly codec: PayloadCodec;
  readonly fsync: FsyncMode;
  readonly lingerMs: number;
  readonly maxAgeMs: number;
  /** `all`: every record is on disk before it is sent. `pressed`: only while `isPressed` says so. */
  readonly saves: 'all' | 'pressed';
  readonly isPressed: () => boolean;
  /** What stays in memory at most; the rest is read back when its turn comes. */
  readonly memory: { readonly maxRecords: number; readonly maxSize: number };
  /** Says that this owner lives. Returns the directories that others have taken over. */
  readonly refreshLeases: () => readonly string[];
  /** After more was written: room may be needed. */
  readonly onGrowth: () => void;
  /** Something may be leased that could not be before. */
  readonly onAvailable: () => void;
}
