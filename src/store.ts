import type { SpoolStatus } from './ledger/spool-status.js';
import type { Rejection } from './outcome.js';
import type { Held, InMemory, InterimStore, Spool, Waiting } from './ports.js';

/** Where records wait, with what the pipeline must know and do besides taking some: in memory or on disk. */
export interface Store {
  readonly spool: Spool;
  /** What it holds in memory, for the bounds of memory. */
  readonly inMemory: InMemory;
  /** Undefined where a span is not written before it is sent. */
  readonly interims: InterimStore | undefined;
  /** What of it can still be given up for others. */
  readonly sheddable: Waiting<Held>;
  /** How full the disk is, of its quota; undefined without one. */
  diskUtilization(): number | undefined;
  /** What is appended outlives the process, as far as the disk allows. */
  readonly isPersistent: boolean;
  holdings(): { readonly queued: number; readonly spooled: number };
  status(): SpoolStatus | undefined;
  /** Looks for what was left, from now on. */
  start(): void;
  /** The circuit has opened or closed, or memory fills up. */
  pressureChanged(): void;
  /** Keeps what the server refused, where that is wanted. */
  rejected(held: readonly Held[], rejection: Rejection): void;
  /** From now on nothing is sent of what dead processes left. */
  stopReplay(): void;
  /** How much of a shutdown's time is needed to bring everything to disk. */
  readonly sealingMs: (timeoutMs: number) => number;
  /** Brings to disk what is in memory only, with turns for others, until `deadline`. */
  save(deadline: number): Promise<void>;
  /** The same at once. */
  saveNow(deadline: number): void;
  /** Saves what it can before `deadline`. What can still be leased afterwards is in memory only. */
  seal(deadline: number): Promise<void>;
  /** As `seal`, but at once: the process ends. */
  sealNow(deadline: number): void;
}
