import { LangfuseError } from '../errors.js';
import type { LedgerBook } from '../ledger/ledger.js';
import type { Held } from '../ports.js';
import type { ErrorReporter } from '../runtime/error-reporter.js';
import type { OnDisk } from './overflow.js';

const TEXTS = {
  disk_quota: 'the oldest spans on disk had to make room (persistence.maxBytes)',
  corrupt: 'spans were damaged on disk',
  expired: 'spans were given up: older than persistence.maxAgeMs',
} as const;

type Loss = keyof typeof TEXTS;

/** What the spool itself gives up: counted, told to whoever waits for it, and reported. */
export class DiskLosses {
  readonly #ledger: LedgerBook;
  readonly #reporter: ErrorReporter;

  constructor(ledger: LedgerBook, reporter: ErrorReporter) {
    this.#ledger = ledger;
    this.#reporter = reporter;
  }

  /** @param unread - records besides, of which only the number is known. */
  ofDisk(reason: Loss, gone: readonly OnDisk[], unread: number = 0): void {
    for (const { group } of gone) group.saved(-1);
    this.#lose(reason, gone, unread);
  }

  ofMemory(reason: Loss, gone: readonly Held[]): void {
    this.#lose(reason, gone, 0);
  }

  #lose(reason: Loss, gone: readonly Pick<Held, 'group'>[], unread: number): void {
    const spanCount = gone.length + unread;
    if (spanCount === 0) return;
    const error = new LangfuseError('PERSISTENCE_ERROR', TEXTS[reason], { isRetryable: false, details: { reason } });
    this.#ledger.drop(reason, spanCount);
    for (const { group } of gone) group.settle('dropped', 1, error);
    this.#reporter.report(error, { operation: 'spool', spanCount });
  }
}
