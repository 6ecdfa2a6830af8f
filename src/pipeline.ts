import { channel } from 'node:diagnostics_channel';
import type { Context } from '@opentelemetry/api';
import { assembleDelivery, type Delivery } from './assembly.js';
import { assembleContent, type Content } from './content.js';
import { Settlements } from './delivery/settlement.js';
import { Tries } from './delivery/tries.js';
import type { LangfuseError } from './errors.js';
import { Admission, type Admitted, isRefusal, refusalError } from './intake/admission.js';
import { Batcher } from './intake/batcher.js';
import { BrokenAdmissions } from './intake/broken-admissions.js';
import { OpenSpans } from './intake/open-spans.js';
import { type DefaultFilter, SpanFilter } from './intake/span-filter.js';
import type { SpanGroup } from './intake/span-group.js';
import { SpanGroups } from './intake/span-groups.js';
import { type QueuedSpan, SpanQueue } from './intake/span-queue.js';
import { CounterBook } from './ledger/counters.js';
import { LedgerBook } from './ledger/ledger.js';
import { NO_LOGS } from './ledger/log-counts.js';
import { NO_MEDIA } from './ledger/media-counts.js';
import { lossError, lossIn, reportOf } from './ledger/reports.js';
import type { CloseOptions, ExporterState, ExporterStatus, FlushReport, ShutdownReport } from './ledger/status.js';
import { LogContent } from './log-content.js';
import { openStore } from './open-store.js';
import type { Config, Credentials } from './options/config.js';
import type { LogSink } from './otel/log-record-processor.js';
import { ResourceWait } from './otel/resource-wait.js';
import type { Clock } from './ports.js';
import { Preparation } from './preparation.js';
import { watchProcessEnd } from './process-end.js';
import { CircuitLog } from './runtime/circuit-log.js';
import { systemClock } from './runtime/clock.js';
import { within } from './runtime/deadline.js';
import { ErrorReporter } from './runtime/error-reporter.js';
import { settledOrStalled } from './settled-or-stalled.js';
import { Shutdown } from './shutdown.js';
import type { SpanLike } from './span.js';
import type { Store } from './store.js';
import { Translation } from './translation.js';

/** Memory is so full that what waits is better brought to disk (`delivery: 'spill'`). */
const PRESSED_AT = 0.6;

const NO_CONTENT: readonly never[] = Object.freeze([]);
const NO_LINE = { length: 0, bytes: 0 };

interface Closed {
  readonly report: ShutdownReport;
  readonly loss: LangfuseError | undefined;
}

/** Whoever subscribes hears of every pipeline that is made: `{ status(): ExporterStatus }`. */
const CREATED = channel('opentelemetry-exporter-langfuse:created');

/**
 * The house put together: spans come in by `end`, and leave as requests to one Langfuse project. This is the only
 * place that constructs the parts. Until the first span it opens nothing: no timer, no socket, no file.
 */
export class Pipeline {
  readonly #config: Config;
  readonly #clock: Clock = systemClock();
  readonly #filter: SpanFilter;
  readonly #translation: Translation;
  readonly #preparation: Preparation;
  readonly #queue = new SpanQueue();
  readonly #store: Store;
  readonly #ledger: LedgerBook;
  readonly #counters = new CounterBook();
  readonly #reporter: ErrorReporter;
  readonly #settlements: Settlements;
  readonly #admission: Admission;
  readonly #broken: BrokenAdmissions;
  readonly #batcher: Batcher;
  readonly #delivery: Delivery;
  readonly #content: Content;
  readonly #shutdown: Shutdown;
  readonly #resourceWait = new ResourceWait(this.#clock);
  readonly #groups = new SpanGroups();
  readonly #openSpans = new OpenSpans();
  /** Only where a log record processor was asked for. */
  #logs: LogContent | undefined;
  #state: ExporterState = 'new';
  #closing: Promise<Closed> | undefined;
  #removeHook: () => void = () => {};

  constructor(config: Config, credentials: Credentials, defaultFilter: DefaultFilter) {
    const { batch, destination, queue } = config;
    const clock = this.#clock;
    this.#config = config;
    this.#filter = new SpanFilter(config.filter, defaultFilter);
    this.#ledger = new LedgerBook(() => ({
      queued: this.#unprepared() + this.#store.holdings().queued,
      inFlight: this.#store.spool.leased,
      spooled: this.#store.holdings().spooled,
    }));
    this.#reporter = new ErrorReporter(config.logger, clock, destination.baseUrl, config.onError);
    this.#store = openStore(config, credentials, {
      ...{ ledger: this.#ledger, reporter: this.#reporter, clock, newTries: () => new Tries() },
      isPressed: () => this.#isPressed(),
      slots: () => this.#delivery.pacing.limit,
      onAvailable: () => this.#delivery.loop.kick(),
    });
    this.#settlements = new Settlements(this.#ledger, this.#counters, this.#reporter, this.#store.rejected);
    this.#broken = new BrokenAdmissions(this.#reporter, clock);
    const circuitLog = new CircuitLog(config.logger, config.onCircuitChange);
    this.#delivery = assembleDelivery(config, credentials, {
      spool: this.#store.spool,
      settlements: this.#settlements,
      counters: this.#counters,
      reporter: this.#reporter,
      clock,
      onCircuitChange: (status) => {
        circuitLog.changed(status);
        this.#store.pressureChanged();
        this.#delivery.loop.circuitChanged();
        this.#content.uploads?.kick();
      },
    });
    this.#content = assembleContent(config, {
      transport: this.#delivery.transport,
      clock,
      reporter: this.#reporter,
      mayAsk: () => this.#delivery.breaker.state === 'closed',
    });
    this.#translation = new Translation({ options: config.translate, ...this.#content });
    const batchSpans = (): number =>
      batch.immediate ? 1 : this.#delivery.batchSize.next(this.#delivery.server.protocol ?? 'ingestion', 0);
    this.#preparation = new Preparation({
      translation: this.#translation,
      parentOf: (span) => this.#filter.parentOf(span),
      contentOf: (queued) => this.#logs?.join(queued) ?? NO_CONTENT,
      awaitingContent: () => this.#logs?.line ?? NO_LINE,
      spool: this.#store.spool,
      inMemory: this.#store.inMemory,
      ledger: this.#ledger,
      counters: this.#counters,
      reporter: this.#reporter,
      madeLater: () => {
        if (this.#unprepared() === 0 || this.#store.spool.waiting >= batchSpans()) this.#delivery.loop.kick();
      },
    });
    const onBroken = (cause: unknown): void => this.#broken.add(cause);
    const keeps = (span: SpanLike): boolean => this.#filter.keeps(span);
    this.#admission = new Admission(
      { ...queue, keeps, onBroken, behind: this.#preparation },
      this.#queue,
      this.#ledger,
    );
    this.#batcher = new Batcher(
      this.#queue,
      { batchSpans, intervalMs: batch.immediate ? 0 : batch.flushIntervalMs },
      {
        prepare: (queued) => this.#preparable(queued),
        process: (queued) => this.#preparation.process(queued),
        batchDone: () => this.#delivery.loop.kick(),
      },
      clock,
    );
    this.#store.start();
    this.#shutdown = new Shutdown({
      clock,
      openSpans: this.#openSpans,
      admission: this.#admission,
      logs: () => this.#logs,
      queue: this.#queue,
      groups: this.#groups,
      batcher: this.#batcher,
      preparation: this.#preparation,
      store: this.#store,
      delivery: this.#delivery,
      content: this.#content,
      settlements: this.#settlements,
      ledger: this.#ledger,
      isPersistent: config.persistence !== undefined,
      waitFor: (groups, deadline) => this.#waitFor(groups, deadline),
    });
    if (CREATED.hasSubscribers) CREATED.publish(this);
  }

  /** A span starts. Runs inside the application's `startSpan`. */
  start(span: object, parent: Context): void {
    this.#openSpans.started();
    try {
      this.#translation.noteStart(span, parent);
      this.#filter.start(span, parent);
    } catch {
      // A broken context manager costs the span what it would have inherited, not more.
    }
  }

  /** A span ended. Runs inside the application's `span.end()`: takes it and returns. */
  end(span: SpanLike): void {
    this.#take(span, this.#groups.current);
    this.#openSpans.ended();
  }

  /** From now on there may be content on the logs signal: spans whose instrumentation writes it there wait for it. */
  openLogs(): LogSink {
    this.#logs ??= new LogContent({
      delivery: this.#delivery,
      translation: this.#translation,
      clock: this.#clock,
      attemptTimeoutMs: this.#config.delivery.attemptTimeoutMs,
      requeue: (queued) => {
        this.#queue.push(queued);
        this.#batcher.notify();
      },
    });
    return this.#logs.sink(() => this.flush());
  }

  /** Spans that are accounted for together, whatever other spans do. */
  endAll(spans: readonly SpanLike[]): SpanGroup {
    const group = this.#groups.begin();
    for (const span of spans) {
      const admitted = this.#take(span, group);
      if (isRefusal(admitted)) group.refuse(refusalError(admitted));
    }
    this.#batcher.drain();
    return group;
  }

  /** Returns early when nothing will move before the deadline. */
  async flush(timeoutMs: number = this.#config.flushTimeoutMs): Promise<FlushReport> {
    const startedAt = this.#clock.now();
    const groups = this.#groups.cut();
    this.#logs?.hurry(groups);
    this.#batcher.drain();
    const deadlineHit = await this.#waitFor(groups, startedAt + timeoutMs);
    await this.#logs?.flush(startedAt + timeoutMs - this.#clock.now());
    return reportOf(groups, this.#clock.now() - startedAt, deadlineHit);
  }

  /** Every call shares the first one's shutdown and deadline. */
  async close({ timeoutMs, throwOnLoss = false }: CloseOptions = {}): Promise<ShutdownReport> {
    this.#closing ??= this.#drainAndStop(timeoutMs ?? this.#config.shutdownTimeoutMs);
    const { report, loss } = await this.#closing;
    if (throwOnLoss && loss !== undefined) throw loss;
    return report;
  }

  resetCircuitBreaker(): void {
    this.#delivery.breaker.reset();
  }

  status(): ExporterStatus {
    return {
      state: this.#state,
      protocol: this.#delivery.server.protocol,
      serverVersion: this.#delivery.server.traits.version,
      ledger: this.#ledger.read(),
      counters: {
        ...this.#counters.read(),
        logs: this.#logs?.counters() ?? NO_LOGS,
        media: this.#content.uploads?.counts() ?? NO_MEDIA,
        withheld: this.#content.withheld(),
      },
      circuit: this.#delivery.breaker.status(),
      spool: this.#store.status(),
    };
  }

  /** Spans that are not records yet. */
  #unprepared(): number {
    return this.#queue.length + this.#preparation.length;
  }

  /** What has to be waited for before the next span can be taken. */
  #preparable({ span }: QueuedSpan): Promise<void> | undefined {
    const room = this.#preparation.room();
    return room === undefined
      ? this.#resourceWait.for(span.resource)
      : room.then(() => this.#resourceWait.for(span.resource));
  }

  #take(span: SpanLike, group: SpanGroup): Admitted {
    if (this.#state === 'new') this.#begin();
    const admitted = this.#admission.admit(span, group);
    if (admitted === 'accepted') this.#batcher.notify();
    else this.#logs?.forget(span);
    return admitted;
  }

  /** The first span: from here on there may be something to lose. */
  #begin(): void {
    this.#state = 'running';
    this.#removeHook = watchProcessEnd({
      hooks: this.#config.hooks,
      reporter: this.#reporter,
      ended: () => this.#ledger.read().ended,
      flush: (timeoutMs) => this.flush(timeoutMs),
      close: () => this.close(),
      save: () => this.#saveNow(),
    });
  }

  async #drainAndStop(timeoutMs: number): Promise<Closed> {
    const startedAt = this.#clock.now();
    this.#state = 'draining';
    const deadlineHit = await this.#shutdown.run(timeoutMs);
    this.#removeHook();
    this.#state = 'closed';
    const report = { ...this.#ledger.read(), durationMs: this.#clock.now() - startedAt, deadlineHit };
    this.#broken.tell();
    const loss = lossError(report);
    if (loss) this.#reporter.report(loss, { operation: 'shutdown', spanCount: lossIn(report) });
    return { report, loss };
  }

  /** The process ends, and waits for nothing. */
  #saveNow(): void {
    const { persistence } = this.#config;
    if (persistence === undefined || this.#state === 'closed') return;
    this.#shutdown.saveNow(persistence.exitBudgetMs);
    this.#state = 'closed';
  }

  async #waitFor(groups: readonly SpanGroup[], deadline: number): Promise<boolean> {
    const clock = this.#clock;
    const unprepared = (): number => this.#unprepared();
    const deadlineHit = await settledOrStalled(groups, deadline, { clock, loop: this.#delivery.loop, unprepared });
    const uploads = this.#content.uploads?.settled();
    // Where spans do not get through, files do not either.
    if (uploads === undefined || deadlineHit || !groups.every((group) => group.isSettled)) return deadlineHit;
    return !(await within(clock, deadline - clock.now(), uploads));
  }

  /** Time to use the disk, where it is used at need. */
  #isPressed(): boolean {
    const { waiting, leased, size } = this.#preparation;
    const { maxSpans, maxBytes } = this.#config.queue;
    const spans = (this.#queue.length + waiting + leased) / maxSpans;
    const bytes = (this.#queue.bytes + size) / maxBytes;
    return this.#delivery.breaker.state !== 'closed' || Math.max(spans, bytes) >= PRESSED_AT;
  }
}
