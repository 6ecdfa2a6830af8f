import { LangfuseError } from '../errors.js';
import type { LedgerBook } from '../ledger/ledger.js';
import type { DropReason, Outcome, Rejection } from '../model.js';
import type { Held, Lease } from '../ports.js';
import type { ErrorReporter } from '../runtime/error-reporter.js';

type RefusedUnnamed = NonNullable<Extract<Outcome, { kind: 'accepted' }>['refusedUnnamed']>;

/** Ends leased records in the one way there is: out of the lease, into the ledger, told to whoever waits. */
export class Settlements {
  readonly #ledger: LedgerBook;
  readonly #reporter: ErrorReporter;
  readonly #onRejected: ((held: readonly Held[], rejection: Rejection) => void) | undefined;

  /** @param onRejected - told what the server refused as data, with its answer. */
  constructor(
    ledger: LedgerBook,
    reporter: ErrorReporter,
    onRejected?: (held: readonly Held[], rejection: Rejection) => void,
  ) {
    this.#ledger = ledger;
    this.#reporter = reporter;
    this.#onRejected = onRejected;
  }

  delivered(lease: Lease, held: readonly Held[]): void {
    lease.settle(held);
    this.#ledger.deliver(held.length);
    for (const { group } of held) group.settle('delivered', 1);
  }

  rejected(lease: Lease, held: readonly Held[], rejection: Rejection): void {
    const text = `the server refused ${held.length === 1 ? 'a span' : `${held.length} spans`} for good: ${rejection.message}`;
    const error = new LangfuseError('API_ERROR', text, { status: rejection.status, isRetryable: false });
    this.#onRejected?.(held, rejection);
    this.#reject(lease, held, error);
    this.report(error, held);
  }

  /** The server took all but so many, and did not say which: a ledger of numbers is right whichever they were. */
  deliveredBut(lease: Lease, held: readonly Held[], { count, cause }: RefusedUnnamed): void {
    const delivered = held.length - count;
    this.delivered(lease, held.slice(0, delivered));
    this.#reject(lease, held.slice(delivered), cause);
    this.#reporter.report(cause, { operation: 'export', spanCount: count, spanIds: spanIdsOf(held) });
  }

  dropped(lease: Lease, held: readonly Held[], reason: DropReason, error: LangfuseError): void {
    lease.settle(held);
    this.#ledger.drop(reason, held.length);
    for (const { group } of held) group.settle('dropped', 1, error);
  }

  /** Tells a failure. @param passes - the trouble may pass, and that it did will be worth saying. */
  report(error: LangfuseError, held: readonly Held[], passes: boolean = false): void {
    this.#reporter.report(error, { operation: 'export', spanCount: held.length, spanIds: spanIdsOf(held), passes });
  }

  /** What decides a span's fate is its observation; that its trace event was refused is only told. */
  traceEventsRefused(rejections: readonly Rejection[]): void {
    for (const { status, message } of rejections) {
      this.report(new LangfuseError('API_ERROR', `the server refused a trace event: ${message}`, { status }), []);
    }
  }

  #reject(lease: Lease, held: readonly Held[], error: LangfuseError): void {
    lease.settle(held);
    this.#ledger.reject(held.length);
    for (const { group } of held) group.settle('rejected', 1, error);
  }
}

export function spanIdsOf(held: readonly Held[]): readonly string[] {
  return held.slice(0, 100).map(({ record }) => record.spanId);
}
