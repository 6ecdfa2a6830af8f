import { LangfuseError } from '../errors.js';
import type { CounterBook } from '../ledger/counters.js';
import type { LedgerBook } from '../ledger/ledger.js';
import type { DropReason } from '../model.js';
import type { Outcome, Rejection } from '../outcome.js';
import type { Held, Lease } from '../ports.js';
import type { Concern, ErrorReporter } from '../runtime/error-reporter.js';

type RefusedUnnamed = NonNullable<Extract<Outcome, { kind: 'accepted' }>['refusedUnnamed']>;

/** Ends leased records in the one way there is: out of the lease, into the ledger, told to whoever waits. */
export class Settlements {
  readonly #ledger: LedgerBook;
  readonly #counters: CounterBook;
  readonly #reporter: ErrorReporter;
  readonly #onRejected: ((held: readonly Held[], rejection: Rejection) => void) | undefined;

  /** @param onRejected - told what the server refused as data, with its answer. */
  constructor(
    ledger: LedgerBook,
    counters: CounterBook,
    reporter: ErrorReporter,
    onRejected?: (held: readonly Held[], rejection: Rejection) => void,
  ) {
    this.#ledger = ledger;
    this.#counters = counters;
    this.#reporter = reporter;
    this.#onRejected = onRejected;
  }

  delivered(lease: Lease, held: readonly Held[]): void {
    end(lease, held);
    this.#ledger.deliver(held.length);
    for (const { group } of held) group.settle('delivered', 1);
  }

  rejected(lease: Lease, held: readonly Held[], rejection: Rejection): void {
    const text = `the server refused ${held.length === 1 ? 'a span' : `${held.length} spans`} for good: ${rejection.message}`;
    const error = new LangfuseError('API_ERROR', text, { status: rejection.status, isRetryable: false });
    this.#onRejected?.(held, rejection);
    this.#reject(lease, held, error);
    // Its status may be the one that was just said of the whole batch.
    this.report(error, held, { topic: 'rejected' });
  }

  /** The server took all but so many, and did not say which: a ledger of numbers is right whichever they were. */
  deliveredBut(lease: Lease, held: readonly Held[], { count, cause }: RefusedUnnamed): void {
    const delivered = held.length - count;
    this.delivered(lease, held.slice(0, delivered));
    this.#reject(lease, held.slice(delivered), cause);
    this.#reporter.report(cause, { operation: 'export', spanCount: count, spanIds: spanIdsOf(held) });
  }

  dropped(lease: Lease, held: readonly Held[], reason: DropReason, error: LangfuseError): void {
    end(lease, held);
    this.#ledger.drop(reason, held.length);
    for (const { group } of held) group.settle('dropped', 1, error);
  }

  /** Tells a failure. */
  report(error: LangfuseError, held: readonly Held[], how: Pick<Concern, 'passes' | 'topic'> = {}): void {
    this.#reporter.report(error, { operation: 'export', spanCount: held.length, spanIds: spanIdsOf(held), ...how });
  }

  /** What decides a span's fate is its observation; that its trace event was refused is only told. */
  traceEventsRefused(rejections: readonly Rejection[]): void {
    this.#counters.add('traceEvents', 'refused', rejections.length);
    for (const { status, message } of rejections) {
      this.report(new LangfuseError('API_ERROR', `the server refused a trace event: ${message}`, { status }), []);
    }
  }

  #reject(lease: Lease, held: readonly Held[], error: LangfuseError): void {
    end(lease, held);
    this.#ledger.reject(held.length);
    for (const { group } of held) group.settle('rejected', 1, error);
  }
}

function end(lease: Lease, held: readonly Held[]): void {
  lease.settle(held);
  for (const { tries } of held) tries.suspicion.isOver = true;
}

export function spanIdsOf(held: readonly Held[]): readonly string[] {
  return held.slice(0, 100).map(({ record }) => record.spanId);
}
