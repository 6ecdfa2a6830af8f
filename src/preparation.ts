import { Tries } from './delivery/tries.js';
import { LangfuseError } from './errors.js';
import type { QueuedSpan } from './intake/span-queue.js';
import type { LedgerBook } from './ledger/ledger.js';
import type { Spool } from './ports.js';
import type { ErrorReporter } from './runtime/error-reporter.js';
import type { Parentage, SpanLike } from './span.js';
import type { Translation } from './translation.js';

export interface PreparationParts {
  readonly translation: Translation;
  /** The parent that an exported span gets instead of its own. */
  readonly parentOf: (span: SpanLike) => Parentage | undefined;
  readonly spool: Spool;
  readonly ledger: LedgerBook;
  readonly reporter: ErrorReporter;
}

/** What happens to a span between the queue and the spool: it becomes a record. What cannot is counted and told. */
export class Preparation {
  readonly #parts: PreparationParts;

  constructor(parts: PreparationParts) {
    this.#parts = parts;
  }

  process(queued: QueuedSpan): void {
    const { translation, parentOf, spool } = this.#parts;
    const { span, group, sampling } = queued;
    try {
      const record = translation.toRecord(span, parentOf(span));
      spool.append({ record, sampling, group, tries: new Tries() });
    } catch (cause) {
      this.#giveUp(queued, cause);
    }
  }

  #giveUp({ span, group }: QueuedSpan, cause: unknown): void {
    const { ledger, reporter } = this.#parts;
    const error = new LangfuseError('INTERNAL_ERROR', 'a span could not be translated', { cause, isRetryable: false });
    ledger.drop('serialization_error', 1);
    group.settle('dropped', 1, error);
    reporter.report(error, { operation: 'translate', spanCount: 1, spanIds: idsOf(span) });
  }
}

function idsOf(span: SpanLike): readonly string[] {
  try {
    return [span.spanContext().spanId];
  } catch {
    return [];
  }
}
