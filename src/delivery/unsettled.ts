import type { Held, Lease } from '../ports.js';
import type { Bisection } from './bisection.js';
import type { DeliveryParts } from './delivery-parts.js';

/** What a batch asks of the loop it runs in. */
export interface BatchControl {
  /** Ends everything. */
  readonly interrupt: AbortSignal;
  /** Waits between two attempts; false when the batch should wait in the spool instead of going on. */
  readonly rest: (ms: number) => Promise<boolean>;
}

/** A batch on its way, as every step of it sees it. */
export interface BatchContext {
  readonly parts: DeliveryParts;
  readonly control: BatchControl;
  readonly lease: Lease;
  readonly bisection: Bisection;
}

/** Records that were not settled by an attempt, and what is known of when to try again. */
export interface Unsettled {
  readonly held: readonly Held[];
  readonly afterMs?: number | undefined;
  /** Back to the spool, instead of trying again from here. */
  readonly giveBack?: boolean;
  /** At once: the server was fine, but wanted something else. */
  readonly atOnce?: boolean;
  /** A part of a batch that is being separated failed. */
  readonly isSuspect?: boolean;
}

export const NONE: Unsettled = { held: [] };
