import { channel } from 'node:diagnostics_channel';
import type { Context } from '@opentelemetry/api';
import { assembleDelivery, type Delivery } from './assembly.js';
import { Settlements } from './delivery/settlement.js';
import { LangfuseError } from './errors.js';
import { type Admitted, isRefusal, refusalError } from './intake/admission.js';
import { Batcher } from './intake/batcher.js';
import { OpenSpans } from './intake/open-spans.js';
import { type DefaultFilter, SpanFilter } from './intake/span-filter.js';
import type { SpanGroup } from './intake/span-group.js';
import { SpanGroups } from './intake/span-groups.js';
import { SpanQueue } from './intake/span-queue.js';
import { assembleIntake, type Intake } from './intake-assembly.js';
import { LedgerBook } from './ledger/ledger.js';
import type { Meters } from './ledger/meters.js';
import { lossError, lossIn, reportOf } from './ledger/reports.js';
import type { CloseOptions, ExporterState, ExporterStatus, FlushReport, ShutdownReport } from './ledger/status.js';
import { assembleMeters, deliveryWatch } from './meters-assembly.js';
import type { DropReason } from './model.js';
import type { Config, Credentials } from './options/config.js';
import { ResourceWait } from './otel/resource-wait.js';
import type { Clock } from './ports.js';
import { Preparation } from './preparation.js';
import { watchProcessEnd } from './process-end.js';
import { CircuitLog } from './runtime/circuit-log.js';
import { systemClock } from './runtime/clock.js';
import { within } from './runtime/deadline.js';
import { ErrorReporter } from './runtime/error-reporter.js';
import { settledOrStalled } from './settled-or-stalled.js';
import type { SpanLike } from './span.js';
import { MemorySpool } from './spool/memory-spool.js';
import { Translation } from './translation.js';

/** How long a shutdown waits for spans that have started to end. */
const GRACE_MS = 250;

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
  readonly #queue = new SpanQueue();
  readonly #spool = new MemorySpool();
  readonly #ledger: LedgerBook;
  readonly #reporter: ErrorReporter;
  readonly #settlements: Settlements;
  readonly #intake: Intake;
  readonly #batcher: Batcher;
  readonly #delivery: Delivery;
  readonly #meters: Meters;
  readonly #resourceWait = new ResourceWait(this.#clock);
  readonly #groups = new SpanGroups();
  readonly #openSpans = new OpenSpans();
  #state: ExporterState = 'new';
  #closing: Promise<Closed> | undefined;
  #removeHook: () => void = () => {};

  constructor(config: Config, credentials: Credentials, defaultFilter: DefaultFilter) {
    const { batch, destination } = config;
    const clock = this.#clock;
    this.#config = config;
    this.#filter = new SpanFilter(config.filter, defaultFilter);
    this.#translation = new Translation(config.translate);
    this.#ledger = new LedgerBook(() => ({
      queued: this.#queue.length + this.#spool.waiting,
      inFlight: this.#spool.leased,
      spooled: 0,
    }));
    this.#reporter = new ErrorReporter(config.logger, clock, destination.baseUrl, config.onError);
    this.#settlements = new Settlements(this.#ledger, this.#reporter);
    this.#intake = assembleIntake(config, {
      keeps: (span) => this.#filter.keeps(span),
      queue: this.#queue,
      spool: this.#spool,
      ledger: this.#ledger,
      reporter: this.#reporter,
      clock,
      diskUtilization: () => undefined,
    });
    // A bare exporter, whose default is to take everything, has no queue of its own to tell of.
    this.#meters = assembleMeters(config, defaultFilter === 'llm-spans', {
      ledger: this.#ledger,
      queue: this.#queue,
      spool: this.#spool,
      clock,
      intake: () => this.#intake,
      delivery: () => this.#delivery,
      diskUtilization: () => undefined,
    });
    const circuitLog = new CircuitLog(config.logger, config.onCircuitChange);
    this.#delivery = assembleDelivery(config, credentials, {
      spool: this.#spool,
      settlements: this.#settlements,
      reporter: this.#reporter,
      clock,
      watch: deliveryWatch(this.#meters),
      measured: (exchange) => this.#meters.timed.request(exchange),
      onCircuitChange: (status) => {
        circuitLog.changed(status);
        this.#meters.circuitChanged(status);
        this.#delivery.loop.circuitChanged();
      },
    });
    const { server, batchSize, loop } = this.#delivery;
    const preparation = new Preparation({
      translation: this.#translation,
      parentOf: (span) => this.#filter.parentOf(span),
      spool: this.#spool,
      ledger: this.#ledger,
      reporter: this.#reporter,
    });
    this.#batcher = new Batcher(
      this.#queue,
      {
        batchSpans: () => (batch.immediate ? 1 : batchSize.next(server.protocol ?? 'ingestion', 0)),
        intervalMs: batch.immediate ? 0 : batch.flushIntervalMs,
      },
      {
        prepare: ({ span }) => this.#resourceWait.for(span.resource),
        process: (queued) => preparation.process(queued),
        batchDone: () => {
          // A meter provider may be registered later than we began.
          this.#meters.begin();
          loop.kick();
        },
      },
      clock,
    );
    if (CREATED.hasSubscribers) CREATED.publish(this);
  }

  /** A span starts. Runs inside the application's `startSpan`. */
  start(span: object, parent: Context): void {
    this.#openSpans.started();
    try {
      this.#translation.noteStart(span, parent);
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
    this.#batcher.drain();
    const deadlineHit = await this.#waitFor(groups, startedAt + timeoutMs);
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
      backpressure: this.#intake.backpressure.status(),
      circuit: this.#delivery.breaker.status(),
    };
  }

  #take(span: SpanLike, group: SpanGroup): Admitted {
    if (this.#state === 'new') this.#begin();
    const { admission, refused } = this.#intake;
    const admitted = admission.admit(span, group);
    if (admitted === 'accepted') this.#batcher.notify();
    else if (admitted === 'queue_full' || admitted === 'backpressure') refused.add(admitted);
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
    });
  }

  async #drainAndStop(timeoutMs: number): Promise<Closed> {
    const { loop, transport, drain } = this.#delivery;
    const startedAt = this.#clock.now();
    const deadline = startedAt + timeoutMs;
    this.#state = 'draining';
    drain(deadline);
    this.#batcher.drain();
    // The operations around a shutdown are often just ending themselves.
    const noneOpen = this.#openSpans.whenNone();
    if (noneOpen !== undefined) await within(this.#clock, Math.min(GRACE_MS, timeoutMs / 4), noneOpen);
    this.#intake.admission.close();
    this.#batcher.drain();
    const deadlineHit = await this.#waitFor(this.#groups.cut(), deadline);
    await loop.stop();
    this.#dropRest();
    await transport.close();
    this.#removeHook();
    this.#state = 'closed';
    const report = { ...this.#ledger.read(), durationMs: this.#clock.now() - startedAt, deadlineHit };
    this.#intake.close();
    this.#meters.close();
    const loss = lossError(report);
    if (loss) this.#reporter.report(loss, { operation: 'shutdown', spanCount: lossIn(report) });
    return { report, loss };
  }

  #waitFor(groups: readonly SpanGroup[], deadline: number): Promise<boolean> {
    const unprepared = (): number => this.#queue.length;
    return settledOrStalled(groups, deadline, { clock: this.#clock, loop: this.#delivery.loop, unprepared });
  }

  #dropRest(): void {
    const error = new LangfuseError('SHUTDOWN_ERROR', 'the span was not delivered before the shutdown ended');
    for (let queued = this.#queue.take(); queued; queued = this.#queue.take()) {
      this.#ledger.drop('shutdown_deadline', 1);
      queued.group.settle('dropped', 1, error);
    }
    const lease = this.#spool.lease(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    for (const item of lease?.held ?? []) {
      const reason: DropReason = item.tries.mayHaveArrived ? 'ambiguous' : 'shutdown_deadline';
      if (lease) this.#settlements.dropped(lease, [item], reason, error);
    }
  }
}
