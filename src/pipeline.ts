import { channel } from 'node:diagnostics_channel';
import type { Context } from '@opentelemetry/api';
import { assembleDelivery, type Delivery } from './assembly.js';
import { Settlements } from './delivery/settlement.js';
import { Tries } from './delivery/tries.js';
import type { LangfuseError } from './errors.js';
import { type Admitted, isRefusal, refusalError } from './intake/admission.js';
import { Batcher } from './intake/batcher.js';
import { OpenSpans } from './intake/open-spans.js';
import { type DefaultFilter, SpanFilter } from './intake/span-filter.js';
import type { SpanGroup } from './intake/span-group.js';
import { SpanGroups } from './intake/span-groups.js';
import { type QueuedSpan, SpanQueue } from './intake/span-queue.js';
import { assembleIntake, type Intake } from './intake-assembly.js';
import { CounterBook } from './ledger/counters.js';
import { LedgerBook } from './ledger/ledger.js';
import type { Meters } from './ledger/meters.js';
import { lossError, lossIn, reportOf } from './ledger/reports.js';
import type { CloseOptions, ExporterState, ExporterStatus, FlushReport, ShutdownReport } from './ledger/status.js';
import { assembleMeters, deliveryWatch } from './meters-assembly.js';
import { openStore } from './open-store.js';
import type { Config, Credentials } from './options/config.js';
import type { LogSink } from './otel/log-record-processor.js';
import { ResourceWait } from './otel/resource-wait.js';
import type { Clock } from './ports.js';
import { watchProcessEnd } from './process-end.js';
import { recordIntervalMs } from './record-interval.js';
import { Records } from './records.js';
import { CircuitLog } from './runtime/circuit-log.js';
import { systemClock } from './runtime/clock.js';
import { within } from './runtime/deadline.js';
import { ErrorReporter } from './runtime/error-reporter.js';
import { settledOrStalled } from './settled-or-stalled.js';
import { Shutdown } from './shutdown.js';
import type { SpanLike } from './span.js';
import type { Store } from './store.js';

/** Memory is so full that what waits is better brought to disk (`delivery: 'spill'`). */
const PRESSED_AT = 0.6;

interface Closed {
  readonly report: ShutdownReport;
  readonly loss: LangfuseError | undefined;
}

/** Whoever subscribes hears of every pipeline that is made: `{ status(): ExporterStatus }`. */
const CREATED = channel('opentelemetry-exporter-langfuse:created');

/**
 * The house put together: spans come in by `end`, and leave as requests to one Langfuse project. This is the only
 * place that constructs the parts. Until the first span it opens nothing: no timer, no socket, no file; but for one
 * look at a spool's directory.
 */
export class Pipeline {
  readonly #config: Config;
  readonly #clock: Clock = systemClock();
  readonly #filter: SpanFilter;
  readonly #queue = new SpanQueue();
  readonly #store: Store;
  readonly #ledger: LedgerBook;
  readonly #reporter: ErrorReporter;
  readonly #intake: Intake;
  readonly #batcher: Batcher;
  readonly #records: Records;
  readonly #delivery: Delivery;
  readonly #meters: Meters;
  readonly #shutdown: Shutdown;
  readonly #resourceWait = new ResourceWait(this.#clock);
  readonly #groups = new SpanGroups();
  readonly #openSpans = new OpenSpans();
  #state: ExporterState = 'new';
  #closing: Promise<Closed> | undefined;
  #removeHook: () => void = () => {};

  constructor(config: Config, credentials: Credentials, defaultFilter: DefaultFilter) {
    const { batch, destination, persistence } = config;
    const clock = this.#clock;
    const queue = this.#queue;
    this.#config = config;
    this.#filter = new SpanFilter(config.filter, defaultFilter);
    const ledger = new LedgerBook(() => {
      const { queued, spooled } = store.holdings();
      return { queued: this.#unprepared() + queued, inFlight: store.spool.leased, spooled };
    });
    const reporter = new ErrorReporter(config.logger, clock, destination.baseUrl, config.onError);
    this.#ledger = ledger;
    this.#reporter = reporter;
    const store = openStore(config, credentials, {
      ...{ ledger, reporter, clock, newTries: () => new Tries() },
      isPressed: () => this.#delivery.breaker.state !== 'closed' || this.#intake.room.utilization >= PRESSED_AT,
      slots: () => this.#delivery.pacing.limit,
      onAvailable: () => this.#delivery.loop.hurry(),
    });
    this.#store = store;
    const counters = new CounterBook();
    const settlements = new Settlements(ledger, counters, reporter, store.rejected);
    // A bare exporter, whose default is to take everything, gets them in batches, and has no queue to tell of.
    const isOneByOne = defaultFilter === 'llm-spans';
    this.#meters = assembleMeters(config, isOneByOne, {
      ...{ ledger, queue, store, clock },
      intake: () => this.#intake,
      delivery: () => this.#delivery,
    });
    const circuitLog = new CircuitLog(config.logger, config.onCircuitChange);
    this.#delivery = assembleDelivery(config, credentials, {
      ...{ spool: store.spool, settlements, counters, reporter, clock, isOneByOne },
      held: () => store.inMemory.waiting + store.inMemory.leased,
      watch: deliveryWatch(this.#meters),
      measured: (exchange) => this.#meters.timed.request(exchange),
      onCircuitChange: (status) => {
        circuitLog.changed(status);
        this.#meters.circuitChanged(status);
        store.pressureChanged();
        this.#delivery.loop.circuitChanged();
        this.#records.content.uploads?.kick();
      },
    });
    const batchSpans = (): number =>
      batch.immediate ? 1 : this.#delivery.batchSize.next(this.#delivery.server.protocol ?? 'ingestion', 0);
    this.#records = new Records(config, {
      ...{ store, delivery: this.#delivery, ledger, counters, reporter, clock },
      parentOf: (span) => this.#filter.parentOf(span),
      madeLater: () => {
        if (this.#unprepared() === 0 || store.spool.waiting >= batchSpans()) this.#delivery.loop.kick();
      },
      requeue: (queued) => {
        queue.push(queued);
        this.#batcher.notify();
      },
    });
    this.#intake = assembleIntake(config, {
      keeps: (span) => this.#filter.keeps(span),
      forget: (span) => this.#records.logs?.forget(span),
      ...{ queue, behind: this.#records.preparation, sheddable: store.sheddable, ledger, reporter, clock },
      diskUtilization: () => (persistence?.delivery === 'at-least-once' ? store.diskUtilization() : undefined),
    });
    this.#batcher = new Batcher(
      queue,
      { batchSpans, intervalMs: recordIntervalMs(config) },
      {
        prepare: (queued) => this.#preparable(queued),
        process: (queued) => this.#records.preparation.process(queued),
        batchDone: () => {
          // A meter provider may be registered later than we began.
          this.#meters.begin();
          this.#delivery.loop.kick();
        },
      },
      clock,
    );
    this.#shutdown = new Shutdown({
      ...{ clock, queue, store, ledger, groups: this.#groups, openSpans: this.#openSpans, batcher: this.#batcher },
      ...{ records: this.#records, delivery: this.#delivery, settlements },
      admission: this.#intake.admission,
      waitFor: (groups, deadline) => this.#waitFor(groups, deadline),
    });
    store.start();
    if (CREATED.hasSubscribers) CREATED.publish(this);
  }

  /** A span starts. Runs inside the application's `startSpan`. */
  start(span: object, parent: Context): void {
    this.#openSpans.started();
    try {
      this.#records.translation.noteStart(span, parent);
      this.#filter.start(span, parent);
      this.#intake.protectedTraces.start(span, parent);
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
    return this.#records.openLogs(() => this.flush());
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
    const { logs } = this.#records;
    const groups = this.#groups.cut();
    logs?.hurry(groups);
    this.#batcher.drain();
    const deadlineHit = await this.#waitFor(groups, startedAt + timeoutMs);
    await logs?.flush(startedAt + timeoutMs - this.#clock.now());
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
    const { server, breaker } = this.#delivery;
    return {
      state: this.#state,
      protocol: server.protocol,
      serverVersion: server.traits.version,
      ledger: this.#ledger.read(),
      counters: this.#records.counters(),
      backpressure: this.#intake.backpressure.status(),
      circuit: breaker.status(),
      spool: this.#store.status(),
    };
  }

  /** Spans that are not records yet. */
  #unprepared(): number {
    return this.#queue.length + this.#records.preparation.length;
  }

  /** What has to be waited for before the next span can be taken. */
  #preparable({ span }: QueuedSpan): Promise<void> | undefined {
    const wait = (): Promise<void> | undefined => this.#resourceWait.for(span.resource);
    const room = this.#records.preparation.room();
    return room === undefined ? wait() : room.then(wait);
  }

  #take(span: SpanLike, group: SpanGroup): Admitted {
    if (this.#state === 'new') this.#begin();
    const { admission, refused } = this.#intake;
    const admitted = admission.admit(span, group);
    if (admitted === 'accepted') this.#batcher.notify();
    else this.#records.logs?.forget(span);
    if (admitted === 'queue_full' || admitted === 'backpressure') refused.add(admitted);
    return admitted;
  }

  /** The first span: from here on there may be something to lose. */
  #begin(): void {
    this.#state = 'running';
    this.#meters.begin();
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
    this.#intake.close();
    this.#meters.close();
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
    const { loop } = this.#delivery;
    const deadlineHit = await settledOrStalled(groups, deadline, { clock, loop, unprepared: () => this.#unprepared() });
    const uploads = this.#records.content.uploads?.settled();
    // Where spans do not get through, files do not either.
    if (uploads === undefined || deadlineHit || !groups.every((group) => group.isSettled)) return deadlineHit;
    return !(await within(clock, deadline - clock.now(), uploads));
  }
}
