import type { CounterBook } from '../ledger/counters.js';
import type { Protocol, ResendAmbiguous } from '../model.js';
import type { Outcome } from '../outcome.js';
import type { Clock, Spool } from '../ports.js';
import type { ObservationRecord } from '../record.js';
import type { ErrorReporter } from '../runtime/error-reporter.js';
import type { BatchSize } from './batch-size.js';
import type { CircuitBreaker } from './circuit-breaker.js';
import type { Evidence } from './evidence.js';
import type { Gathering } from './gathering.js';
import type { Lookup } from './lookup.js';
import type { DeliveryWatch } from './operation.js';
import type { Pacing } from './pacing.js';
import type { Patience } from './patience.js';
import type { LangfuseServer } from './protocol.js';
import type { RetryBudget, RetryOptions } from './retry.js';
import type { Settlements } from './settlement.js';

/** What is noted of an attempt, in case the process dies. */
export interface AttemptNotes {
  /** Runs `encode`, which makes a request of the records. */
  encoding<T>(encode: () => T): T;
  /** The request is about to go out. */
  departs(): void;
}

/** Sends records by a protocol and says what came of it. Never rejects. */
export type Send = (
  protocol: Protocol,
  records: readonly ObservationRecord[],
  signal: AbortSignal,
  notes: AttemptNotes,
) => Promise<Outcome>;

/** What delivery is made of; put together in `assembly/delivery.ts`. */
export interface DeliveryParts {
  readonly spool: Spool;
  readonly server: LangfuseServer;
  readonly send: Send;
  /** Absent where nobody counts requests. */
  readonly watch?: DeliveryWatch | undefined;
  readonly breaker: CircuitBreaker;
  readonly evidence: Evidence;
  readonly budget: RetryBudget;
  readonly retry: RetryOptions;
  readonly pacing: Pacing;
  readonly batchSize: BatchSize;
  /** Absent where records come in batches. */
  readonly gathering?: Gathering | undefined;
  readonly settlements: Settlements;
  readonly reporter: ErrorReporter;
  readonly clock: Clock;
  readonly patience: Patience;
  readonly random: () => number;
  /** A request on OTLP that may have arrived is looked up first, sent again, or given up (`ambiguous`). */
  readonly resendAmbiguous: ResendAmbiguous;
  readonly lookup: Lookup;
  readonly counters: CounterBook;
  /** False when what waits for look-ups takes the place that new spans need. */
  readonly hasRoom: () => boolean;
  /** Largest batch by protocol, in `record.size`. */
  readonly maxBatchSize: (protocol: Protocol) => number;
}
