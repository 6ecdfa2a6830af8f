import { LangfuseError } from '../errors.js';
import type { LedgerBook } from '../ledger/ledger.js';
import type { DropReason, Rejection } from '../model.js';
import type { Held, Lease } from '../ports.js';
import type { ErrorReporter } from '../runtime/error-reporter.js';

/** Ends leased records in the one way there is: out of the lease, into the ledger, told to whoever waits. */
export class Settlements {
  readonly #ledger: LedgerBook;
  readonly #reporter: ErrorReporter;

  constructor(ledger: LedgerBook, reporter: ErrorReporter) {
    this.#ledger = ledger;
    this.#reporter = reporter;
  }

  delivered(lease: Lease, held: readonly Held[]): void {
    lease.settle(held);
    this.#ledger.deliver(held.length);
    for (const { group } of held) group.settle('delivered', 1);
  }

  rejected(lease: Lease, held: readonly Held[], rejection: Rejection): void {
    const text = `the server refused ${held.length === 1 ? 'a span' : `${held.length} spans`} for good: ${rejection.message}`;
    const error = new LangfuseError('API_ERROR', text, { status: rejection.status, isRetryable: false });
    lease.settle(held);
    this.#ledger.reject(held.length);
    for (const { group } of held) group.settle('rejected', 1, error);
    this.#reporter.report(error, { operation: 'export', spanCount: held.length, spanIds: spanIdsOf(held) });
  }

  dropped(lease: Lease, held: readonly Held[], reason: DropReason, error: LangfuseError): void {
    lease.settle(held);
    this.#ledger.drop(reason, held.length);
    for (const { group } of held) group.settle('dropped', 1, error);
  }
}

export function spanIdsOf(held: readonly Held[]): readonly string[] {
  return held.slice(0, 100).map(({ record }) => record.spanId);
}
