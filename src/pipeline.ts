import { channel } from 'node:diagnostics_channel';
import type { Context } from '@opentelemetry/api';
import { assembleDelivery, type Delivery } from './assembly.js';
import type { Stall } from './delivery/delivery-loop.js';
import { Settlements } from './delivery/settlement.js';
import { Tries } from './delivery/tries.js';
import { LangfuseError } from './errors.js';
import { Admission, type Admitted, isRefusal, refusalError } from './intake/admission.js';
import { Batcher } from './intake/batcher.js';
import { SpanGroup } from './intake/span-group.js';
import { type QueuedSpan, SpanQueue } from './intake/span-queue.js';
import { LedgerBook } from './ledger/ledger.js';
import { lossIn, reportOf } from './ledger/reports.js';
import type { ExporterState, ExporterStatus, FlushReport, ShutdownReport } from './ledger/status.js';
import type { CircuitBreakerStatus, DropReason } from './model.js';
import type { Config, Credentials } from './options/config.js';
import { ResourceWait } from './otel/resource-wait.js';
import type { Clock } from './ports.js';
import { systemClock } from './runtime/clock.js';
import { within } from './runtime/deadline.js';
import { ErrorReporter } from './runtime/error-reporter.js';
import type { SpanLike } from './span.js';
import { MemorySpool } from './spool/memory-spool.js';
import { Translation } from './translation.js';

/** How long a shutdown waits for spans that have started to end. */
const GRACE_MS = 250;

/** Whoever subscribes hears of every pipeline that is made: `{ status(): ExporterStatus }`. */
const CREATED = channel('opentelemetry-exporter-langfuse:created');

/**
 * The house put together: spans come in by `end`, and leave as requests to one Langfuse project. This is the only
 * place that constructs the parts. Until the first span it opens nothing: no timer, no socket, no file.
 */
export class Pipeline {
  readonly #config: Config;
  readonly #clock: Clock = systemClock();
  readonly #translation: Translation;
  readonly #queue = new SpanQueue();
  readonly #spool = new MemorySpool();
  readonly #ledger: LedgerBook;
  readonly #reporter: ErrorReporter;
  readonly #settlements: Settlements;
  readonly #admission: Admission;
  readonly #batcher: Batcher;
  readonly #delivery: Delivery;
  readonly #resourceWait = new ResourceWait(this.#clock);
  /** Groups with spans on their way; the last one takes the spans that end now. */
  #groups: readonly SpanGroup[] = [];
  #current = new SpanGroup();
  #state: ExporterState = 'new';
  #closing: Promise<ShutdownReport> | undefined;
  /** Started and not yet ended, as far as we were told. */
  #openSpans = 0;
  #whenNoneOpen: () => void = () => {};

  constructor(config: Config, credentials: Credentials, keepsByDefault: (span: SpanLike) => boolean) {
    const { batch, destination, queue, shouldExportSpan } = config;
    const clock = this.#clock;
    this.#config = config;
    this.#translation = new Translation(config.translate);
    this.#ledger = new LedgerBook(() => ({
      queued: this.#queue.length + this.#spool.waiting,
      inFlight: this.#spool.leased,
      spooled: 0,
    }));
    this.#reporter = new ErrorReporter(config.logger, clock, destination.baseUrl, config.onError);
    this.#settlements = new Settlements(this.#ledger, this.#reporter);
    const keeps = shouldExportSpan ? (span: SpanLike) => shouldExportSpan({ otelSpan: span }) === true : keepsByDefault;
    this.#admission = new Admission({ ...queue, keeps, behind: this.#spool }, this.#queue, this.#ledger);
    this.#delivery = assembleDelivery(config, credentials, {
      spool: this.#spool,
      settlements: this.#settlements,
      reporter: this.#reporter,
      clock,
      onCircuitChange: (status) => this.#circuitChanged(status),
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
    this.#openSpans++;
    try {
      this.#translation.noteStart(span, parent);
    } catch {
      // A broken context manager costs the span what it would have inherited, not more.
    }
  }

  /** A span ended. Runs inside the application's `span.end()`: takes it and returns. */
  end(span: SpanLike): void {
    this.#take(span, this.#current);
    this.#openSpans--;
    if (this.#openSpans <= 0) this.#whenNoneOpen();
  }

  /** Spans that are accounted for together, whatever other spans do. */
  endAll(spans: readonly SpanLike[]): SpanGroup {
    const group = new SpanGroup();
    this.#groups = [...this.#groups.filter((open) => !open.isSettled), group];
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
    const groups = [...this.#groups.filter((open) => !open.isSettled), this.#current];
    this.#current = new SpanGroup();
    this.#groups = groups;
    this.#batcher.drain();
    const settled = Promise.all(groups.map((group) => group.whenSettled()));
    const isSettled = () => groups.every((group) => group.isSettled);
    if (!isSettled()) await this.#waitUntil(settled, startedAt + timeoutMs, () => true);
    return reportOf(groups, this.#clock.now() - startedAt, !isSettled());
  }

  close(timeoutMs: number = this.#config.shutdownTimeoutMs): Promise<ShutdownReport> {
    this.#closing ??= this.#drainAndStop(timeoutMs);
    return this.#closing;
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
      circuit: this.#delivery.breaker.status(),
    };
  }

  #take(span: SpanLike, group: SpanGroup): Admitted {
    if (this.#state === 'new') this.#state = 'running';
    const admitted = this.#admission.admit(span, group);
    if (admitted === 'accepted') this.#batcher.notify();
    return admitted;
  }

  #translate({ span, group }: QueuedSpan): void {
    try {
      this.#spool.append({ record: this.#translation.toRecord(span), group, tries: new Tries() });
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

  async #drainAndStop(timeoutMs: number): Promise<ShutdownReport> {
    const { loop, transport } = this.#delivery;
    const startedAt = this.#clock.now();
    const deadline = startedAt + timeoutMs;
    this.#state = 'draining';
    loop.hurry();
    this.#batcher.drain();
    await this.#letOpenSpansEnd(timeoutMs);
    this.#admission.close();
    this.#batcher.drain();
    const open = [...this.#groups, this.#current];
    let wasHurried = false;
    // An open circuit gets one last try; where the server or a person must act first, there is nothing to wait for.
    const settled = Promise.all(open.map((group) => group.whenSettled()));
    await this.#waitUntil(settled, deadline, ({ canBeHurried }) => {
      if (!canBeHurried || wasHurried) return true;
      wasHurried = true;
      loop.hurry();
      return false;
    });
    const isDrained = open.every((group) => group.isSettled);
    await loop.stop();
    this.#dropRest();
    await transport.close();
    this.#state = 'closed';
    const deadlineHit = !isDrained && this.#clock.now() >= deadline;
    const report = { ...this.#ledger.read(), durationMs: this.#clock.now() - startedAt, deadlineHit };
    this.#tellLoss(report);
    return report;
  }

  /** The operations around a shutdown are often just ending themselves. */
  async #letOpenSpansEnd(timeoutMs: number): Promise<void> {
    if (this.#openSpans <= 0) return;
    const ended = new Promise<void>((resolve) => {
      this.#whenNoneOpen = resolve;
    });
    await within(this.#clock, Math.min(GRACE_MS, timeoutMs / 4), ended);
  }

  /**
   * Waits for `settled`, until `deadline`, or until nothing moves any more before it and `giveUp` agrees.
   *
   * Holds the process open meanwhile.
   */
  async #waitUntil(settled: Promise<unknown>, deadline: number, giveUp: (stall: Stall) => boolean): Promise<void> {
    let stopWatching = (): void => {};
    const stalled = new Promise<void>((resolve) => {
      stopWatching = this.#delivery.loop.watchStalls((stall) => {
        const outlasts = this.#clock.now() + stall.waitMs >= deadline || !stall.canBeHurried;
        if (this.#queue.length === 0 && outlasts && giveUp(stall)) resolve();
      });
    });
    await within(this.#clock, deadline - this.#clock.now(), Promise.race([settled, stalled]));
    stopWatching();
  }

  #dropRest(): void {
    const error = new LangfuseError('SHUTDOWN_ERROR', 'the span was not delivered before the shutdown ended');
    for (let queued = this.#queue.take(); queued; queued = this.#queue.take()) {
      this.#ledger.drop('shutdown_deadline', 1);
      queued.group.settle('dropped', 1, error);
    }
    const lease = this.#spool.lease(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    for (const item of lease?.held ?? []) {
      const reason: DropReason = item.tries.interrupted ? 'ambiguous' : 'shutdown_deadline';
      if (lease) this.#settlements.dropped(lease, [item], reason, error);
    }
  }

  #circuitChanged(status: CircuitBreakerStatus): void {
    const { logger, onCircuitChange } = this.#config;
    logger.debug(`circuit ${status.state}`, { ...status });
    try {
      onCircuitChange?.(status);
    } catch (thrown) {
      logger.warn('onCircuitChange threw; its exception is ignored', { thrown: String(thrown) });
    }
    this.#delivery?.loop.circuitChanged();
  }

  #tellLoss(report: ShutdownReport): void {
    const lost = lossIn(report);
    if (lost === 0) return;
    const text = `${lost} spans were lost in the life of this exporter`;
    this.#reporter.report(new LangfuseError('SHUTDOWN_ERROR', text, { details: { report } }), {
      operation: 'shutdown',
      spanCount: lost,
    });
  }
}

function idsOf(span: SpanLike): readonly string[] {
  try {
    return [span.spanContext().spanId];
  } catch {
    return [];
  }
}
