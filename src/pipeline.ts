import { channel } from 'node:diagnostics_channel';
import type { Context } from '@opentelemetry/api';
import { assembleDelivery, type Delivery } from './assembly.js';
import { Settlements } from './delivery/settlement.js';
import { Tries } from './delivery/tries.js';
import { LangfuseError } from './errors.js';
import { Admission, type Admitted, isRefusal, refusalError } from './intake/admission.js';
import { Batcher } from './intake/batcher.js';
import { BrokenAdmissions } from './intake/broken-admissions.js';
import { OpenSpans } from './intake/open-spans.js';
import { type DefaultFilter, SpanFilter } from './intake/span-filter.js';
import type { SpanGroup } from './intake/span-group.js';
import { SpanGroups, settlementOf } from './intake/span-groups.js';
import { type QueuedSpan, SpanQueue } from './intake/span-queue.js';
import { CounterBook } from './ledger/counters.js';
import { LedgerBook } from './ledger/ledger.js';
import { lossError, lossIn, reportOf } from './ledger/reports.js';
import type { CloseOptions, ExporterState, ExporterStatus, FlushReport, ShutdownReport } from './ledger/status.js';
import type { DropReason } from './model.js';
import type { Config, Credentials } from './options/config.js';
import { ResourceWait } from './otel/resource-wait.js';
import type { Clock } from './ports.js';
import { CircuitLog } from './runtime/circuit-log.js';
import { systemClock } from './runtime/clock.js';
import { within } from './runtime/deadline.js';
import { ErrorReporter } from './runtime/error-reporter.js';
import { addProcessHook } from './runtime/process-hooks.js';
import type { SpanLike } from './span.js';
import { MemorySpool } from './spool/memory-spool.js';
import { Translation } from './translation.js';

/** How long a shutdown waits for spans that have started to end. */
const GRACE_MS = 250;

/** How long the last flush of a process whose event loop is empty may hold it. */
const BEFORE_EXIT_MS = 5_000;

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
  readonly #counters = new CounterBook();
  readonly #reporter: ErrorReporter;
  readonly #settlements: Settlements;
  readonly #admission: Admission;
  readonly #broken: BrokenAdmissions;
  readonly #batcher: Batcher;
  readonly #delivery: Delivery;
  readonly #resourceWait = new ResourceWait(this.#clock);
  readonly #groups = new SpanGroups();
  readonly #openSpans = new OpenSpans();
  #state: ExporterState = 'new';
  #closing: Promise<Closed> | undefined;
  #removeHook: () => void = () => {};

  constructor(config: Config, credentials: Credentials, defaultFilter: DefaultFilter) {
    const { batch, destination, queue } = config;
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
    this.#settlements = new Settlements(this.#ledger, this.#counters, this.#reporter);
    this.#broken = new BrokenAdmissions(this.#reporter, clock);
    const onBroken = (cause: unknown): void => this.#broken.add(cause);
    const keeps = (span: SpanLike): boolean => this.#filter.keeps(span);
    this.#admission = new Admission({ ...queue, keeps, onBroken, behind: this.#spool }, this.#queue, this.#ledger);
    const circuitLog = new CircuitLog(config.logger, config.onCircuitChange);
    this.#delivery = assembleDelivery(config, credentials, {
      spool: this.#spool,
      settlements: this.#settlements,
      counters: this.#counters,
      reporter: this.#reporter,
      clock,
      onCircuitChange: (status) => {
        circuitLog.changed(status);
        this.#delivery.loop.circuitChanged();
      },
    });
    const { server, batchSize, loop } = this.#delivery;
    this.#batcher = new Batcher(
      this.#queue,
      {
        batchSpans: () => (batch.immediate ? 1 : batchSize.next(server.protocol ?? 'ingestion', 0)),
        intervalMs: batch.immediate ? 0 : batch.flushIntervalMs,
      },
      {
        prepare: ({ span }) => this.#resourceWait.for(span.resource),
        process: (queued) => this.#translate(queued),
        batchDone: () => loop.kick(),
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
      counters: this.#counters.read(),
      circuit: this.#delivery.breaker.status(),
    };
  }

  #take(span: SpanLike, group: SpanGroup): Admitted {
    if (this.#state === 'new') this.#begin();
    const admitted = this.#admission.admit(span, group);
    if (admitted === 'accepted') this.#batcher.notify();
    return admitted;
  }

  /** The first span: from here on there may be something to lose. */
  #begin(): void {
    this.#state = 'running';
    const { beforeExit, signals } = this.#config.hooks;
    let flushed = 0;
    const flushOnce = async (): Promise<void> => {
      const { ended } = this.#ledger.read();
      // A flush lets the event loop run, and an empty event loop asks again.
      if (ended === flushed) return;
      flushed = ended;
      const { pending } = await this.flush(BEFORE_EXIT_MS);
      if (pending === 0) return;
      const text = `${pending} spans could not be delivered before the process has nothing left to do; if it ends, they are lost`;
      const error = new LangfuseError('SHUTDOWN_ERROR', text, { isRetryable: false });
      this.#reporter.report(error, { operation: 'shutdown', spanCount: pending });
    };
    this.#removeHook = addProcessHook({
      beforeExit: beforeExit ? flushOnce : undefined,
      signal: signals ? () => this.close() : undefined,
    });
  }

  #translate({ span, group }: QueuedSpan): void {
    try {
      const record = this.#translation.toRecord(span, this.#filter.parentOf(span));
      this.#counters.noteChanges(record.changed);
      this.#spool.append({ record, group, tries: new Tries() });
    } catch (cause) {
      const error = new LangfuseError('INTERNAL_ERROR', 'a span could not be translated', {
        cause,
        isRetryable: false,
      });
      this.#ledger.drop('serialization_error', 1);
      group.settle('dropped', 1, error);
      this.#reporter.report(error, { operation: 'translate', spanCount: 1, spanIds: idsOf(span) });
    }
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
    this.#admission.close();
    this.#batcher.drain();
    const deadlineHit = await this.#waitFor(this.#groups.cut(), deadline);
    await loop.stop();
    this.#dropRest();
    await transport.close();
    this.#removeHook();
    this.#state = 'closed';
    const report = { ...this.#ledger.read(), durationMs: this.#clock.now() - startedAt, deadlineHit };
    this.#broken.tell();
    const loss = lossError(report);
    if (loss) this.#reporter.report(loss, { operation: 'shutdown', spanCount: lossIn(report) });
    return { report, loss };
  }

  /**
   * Waits until every span of `groups` is settled, or nothing can move before the deadline: the circuit stays open for
   * longer, or somebody has to mend something first. Holds the process open meanwhile. True when time was over first.
   */
  async #waitFor(groups: readonly SpanGroup[], deadline: number): Promise<boolean> {
    const { settled, stop } = settlementOf(groups);
    if (groups.every((group) => group.isSettled)) return false;
    let stopWatching = (): void => {};
    const stalled = new Promise<void>((resolve) => {
      stopWatching = this.#delivery.loop.watchStalls(({ waitMs, reason }) => {
        const isPointless = reason === 'refused' || this.#clock.now() + waitMs >= deadline;
        if (this.#queue.length === 0 && isPointless) resolve();
      });
    });
    const inTime = await within(this.#clock, deadline - this.#clock.now(), Promise.race([settled, stalled]));
    stopWatching();
    stop();
    return !inTime;
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

function idsOf(span: SpanLike): readonly string[] {
  try {
    return [span.spanContext().spanId];
  } catch {
    return [];
  }
}
