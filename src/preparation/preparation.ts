import { Tries } from '../delivery/tries.js';
import { LangfuseError } from '../errors.js';
import { samplingFate } from '../intake/sampling-fate.js';
import type { QueuedSpan } from '../intake/span-queue.js';
import type { CounterBook } from '../ledger/counters.js';
import type { LedgerBook } from '../ledger/ledger.js';
import type { Told } from '../model.js';
import type { ObservationRecord } from '../record.js';
import { isThenable } from '../runtime/call-safely.js';
import type { ErrorReporter } from '../runtime/error-reporter.js';
import type { Parentage, SpanEventLike, SpanLike } from '../span.js';
import type { Store } from '../store.js';
import type { Interims } from './interims.js';
import type { Translation } from './translation.js';
import { WaitingForMask } from './waiting-for-mask.js';

export interface PreparationParts {
  readonly translation: Translation;
  /** The parent that an exported span gets instead of its own. */
  readonly parentOf: (span: SpanLike) => Parentage | undefined;
  /** What came for the span on the logs signal; `'waits'` when it will be handed over again, once that has come. */
  readonly contentOf: (queued: QueuedSpan) => readonly SpanEventLike[] | 'waits';
  /** What has come so far for a span that waits. */
  readonly contentSoFar: (span: SpanLike) => readonly SpanEventLike[];
  /** The spans that wait for it. */
  readonly awaitingContent: () => { readonly length: number; readonly bytes: number };
  readonly interims: Interims;
  readonly store: Store;
  readonly ledger: LedgerBook;
  readonly counters: CounterBook;
  readonly reporter: ErrorReporter;
  /** Records were made later than the span was processed. */
  readonly madeLater: () => void;
  /** Spans with an error are kept when their trace is not. */
  readonly rescueErrors: boolean;
}

const ERROR = 2;

/** What happens to a span between the queue and the spool: it becomes a record. What cannot is counted and told. */
export class Preparation {
  readonly #parts: PreparationParts;
  readonly #unmasked = new WaitingForMask();

  constructor(parts: PreparationParts) {
    this.#parts = parts;
  }

  /** Spans that are neither in the queue any more nor in the spool yet. */
  get length(): number {
    return this.#unmasked.length + this.#parts.awaitingContent().length;
  }

  /** What is held in memory behind the queue, the spool included. */
  get waiting(): number {
    return this.length + this.#parts.store.inMemory.waiting;
  }

  get leased(): number {
    return this.#parts.store.inMemory.leased;
  }

  get size(): number {
    return this.#unmasked.bytes + this.#parts.awaitingContent().bytes + this.#parts.store.inMemory.size;
  }

  /** Resolves when another span may be processed; undefined when it may at once. */
  room(): Promise<void> | undefined {
    return this.#unmasked.room();
  }

  /** The spans that are not records yet, which from now on are the caller's. */
  abandon(): readonly QueuedSpan[] {
    return this.#unmasked.abandon();
  }

  process(queued: QueuedSpan): void {
    const { translation, parentOf, contentOf, contentSoFar, interims, madeLater } = this.#parts;
    const { span } = queued;
    try {
      const content = contentOf(queued);
      if (content === 'waits') {
        interims.wait(queued, () => translation.preview(span, parentOf(span), contentSoFar(span)));
        return;
      }
      const told = translation.read(span, parentOf(span), content);
      if (!isThenable(told) && this.#unmasked.length === 0) this.#append(queued, told);
      else {
        interims.wait(queued, () => translation.soFar(span, told));
        void this.#unmasked.add(queued, told, (ready, masked) => this.#append(ready, masked)).then(madeLater);
      }
    } catch (cause) {
      this.#giveUp(queued, cause);
    }
  }

  #append(queued: QueuedSpan, told: Told): void {
    try {
      this.#store(queued, this.#parts.translation.toRecord(told));
    } catch (cause) {
      this.#giveUp(queued, cause);
    }
  }

  /** While it waited, its trace may have been given up. */
  #store({ span, group, sampling: before }: QueuedSpan, record: ObservationRecord): void {
    const { store, interims, counters, ledger, rescueErrors } = this.#parts;
    const sampling = samplingFate(before, record.statusCode === ERROR, rescueErrors);
    if (sampling === 'sampledOut') {
      interims.end(span);
      ledger.sampleOut(1);
      group.settle('sampledOut', 1);
      return;
    }
    counters.noteChanges(record.changed);
    store.spool.append({ record, sampling, group, tries: new Tries(), interim: interims.take(span) });
  }

  /** The same in one piece, when nothing can be waited for any more: neither for content nor for a mask. */
  processNow(queued: QueuedSpan): void {
    const { translation, parentOf, contentOf } = this.#parts;
    const { span } = queued;
    try {
      const content = contentOf(queued);
      const isThere = content !== 'waits';
      this.#store(queued, translation.toRecordNow(span, parentOf(span), isThere ? content : undefined));
    } catch (cause) {
      this.#giveUp(queued, cause);
    }
  }

  #giveUp({ span, group }: QueuedSpan, cause: unknown): void {
    const { ledger, reporter, interims } = this.#parts;
    interims.end(span);
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
