import type { QueuedSpan } from '../intake/span-queue.js';
import type { CounterBook } from '../ledger/counters.js';
import type { LedgerBook } from '../ledger/ledger.js';
import { NO_LOGS } from '../ledger/log-counts.js';
import { NO_MEDIA } from '../ledger/media-counts.js';
import type { ExporterCounters } from '../ledger/status.js';
import type { Config } from '../options/config.js';
import type { LogSink } from '../otel/log-record-processor.js';
import type { NotedRow } from '../otel/propagation.js';
import type { Clock } from '../ports.js';
import type { ErrorReporter } from '../runtime/error-reporter.js';
import type { SideTable } from '../runtime/side-table.js';
import type { Parentage, SpanLike } from '../span.js';
import type { Store } from '../store.js';
import { assembleContent, type Content } from './content.js';
import { Interims } from './interims.js';
import { type LateDelivery, LogContent } from './log-content.js';
import { Preparation } from './preparation.js';
import { Translation } from './translation.js';

export interface RecordsSurroundings {
  readonly store: Store;
  readonly delivery: LateDelivery;
  readonly ledger: LedgerBook;
  readonly counters: CounterBook;
  readonly reporter: ErrorReporter;
  readonly clock: Clock;
  readonly parentOf: (span: SpanLike) => Parentage | undefined;
  readonly table: SideTable<NotedRow>;
  /** Records were made later than their span was taken from the queue. */
  readonly madeLater: () => void;
  /** Puts a span that has waited for its content into the queue again. */
  readonly requeue: (queued: QueuedSpan) => void;
}

const NO_CONTENT: readonly never[] = Object.freeze([]);
const NO_LINE = { length: 0, bytes: 0 };

/** Everything between the queue and the store: from spans, and what came for them on the logs signal, to records. */
export class Records {
  readonly translation: Translation;
  readonly preparation: Preparation;
  readonly content: Content;
  readonly #config: Config;
  readonly #around: RecordsSurroundings;
  readonly #interims: Interims;
  /** Only where a log record processor was asked for. */
  #logs: LogContent | undefined;

  constructor(config: Config, around: RecordsSurroundings) {
    const { store, delivery, ledger, counters, reporter, clock, table, parentOf, madeLater } = around;
    this.#config = config;
    this.#around = around;
    this.content = assembleContent(config, {
      transport: delivery.transport,
      clock,
      reporter,
      mayAsk: () => delivery.breaker.state === 'closed',
    });
    this.translation = new Translation({ options: config.translate, table, ...this.content });
    this.#interims = new Interims(store.interims, clock);
    this.preparation = new Preparation({
      translation: this.translation,
      parentOf,
      contentOf: (queued) => this.#logs?.join(queued) ?? NO_CONTENT,
      contentSoFar: (span) => this.#logs?.soFar(span) ?? NO_CONTENT,
      awaitingContent: () => this.#logs?.line ?? NO_LINE,
      interims: this.#interims,
      store,
      ledger,
      counters,
      reporter,
      madeLater,
      rescueErrors: config.backpressure.rescueErrors,
    });
  }

  get logs(): LogContent | undefined {
    return this.#logs;
  }

  /** A span is given up before it has become a record: so is what was kept for it. */
  forget(span: SpanLike): void {
    this.#logs?.forget(span);
    this.#interims.end(span);
  }

  /** The process ends before the span has become a record. True when the next one finds something of it on disk. */
  leave(queued: QueuedSpan): boolean {
    return this.#interims.leave(queued);
  }

  /** From now on there may be content on the logs signal: spans whose instrumentation writes it there wait for it. */
  openLogs(flush: () => Promise<unknown>): LogSink {
    const { delivery, clock, counters, requeue } = this.#around;
    this.#logs ??= new LogContent({
      delivery,
      counters,
      translation: this.translation,
      clock,
      attemptTimeoutMs: this.#config.delivery.attemptTimeoutMs,
      requeue,
    });
    return this.#logs.sink(flush);
  }

  counters(): ExporterCounters {
    return {
      ...this.#around.counters.read(),
      logs: this.#logs?.counters() ?? NO_LOGS,
      media: this.content.uploads?.counts() ?? NO_MEDIA,
      withheld: this.content.withheld(),
    };
  }
}
