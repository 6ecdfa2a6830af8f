import { channel } from 'node:diagnostics_channel';
import type { Context } from '@opentelemetry/api';
import { PipelineParts } from './assembly/pipeline-parts.js';
import type { LangfuseError } from './errors.js';
import { type Admitted, isRefusal, refusalError } from './intake/admission.js';
import { OpenSpans } from './intake/open-spans.js';
import type { DefaultFilter } from './intake/span-filter.js';
import type { SpanGroup } from './intake/span-group.js';
import { SpanGroups } from './intake/span-groups.js';
import { lossError, lossIn, reportOf } from './ledger/reports.js';
import type { CloseOptions, ExporterState, ExporterStatus, FlushReport, ShutdownReport } from './ledger/status.js';
import { watchProcessEnd } from './lifecycle/process-end.js';
import { settledOrStalled } from './lifecycle/settled-or-stalled.js';
import { Shutdown } from './lifecycle/shutdown.js';
import type { Config, Credentials } from './options/config.js';
import type { LogSink } from './otel/log-record-processor.js';
import { within } from './runtime/deadline.js';
import type { SpanLike } from './span.js';

interface Closed {
  readonly report: ShutdownReport;
  readonly loss: LangfuseError | undefined;
}

/** Whoever subscribes hears of every pipeline that is made: `{ status(): ExporterStatus }`. */
const CREATED = channel('opentelemetry-exporter-langfuse:created');

/**
 * What can be done with one destination: spans come in by `end`, and leave as requests to one Langfuse project. Until
 * the first span it opens nothing: no timer, no socket, no file; but for one look at a spool's directory.
 */
export class Pipeline {
  readonly #parts: PipelineParts;
  readonly #groups = new SpanGroups();
  readonly #openSpans = new OpenSpans();
  readonly #shutdown: Shutdown;
  #state: ExporterState = 'new';
  #closing: Promise<Closed> | undefined;
  #removeHook: () => void = () => {};

  constructor(config: Config, credentials: Credentials, defaultFilter: DefaultFilter) {
    const parts = new PipelineParts(config, credentials, defaultFilter);
    this.#parts = parts;
    this.#shutdown = new Shutdown(parts, {
      groups: this.#groups,
      openSpans: this.#openSpans,
      waitFor: (groups, deadline) => this.#waitFor(groups, deadline),
    });
    parts.store.start();
    if (CREATED.hasSubscribers) CREATED.publish(this);
  }

  /** A span starts. Runs inside the application's `startSpan`. */
  start(span: object, parent: Context): void {
    const { records, filter, intake } = this.#parts;
    this.#openSpans.started();
    try {
      records.translation.noteStart(span, parent);
      filter.start(span, parent);
      intake.protectedTraces.start(span, parent);
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
    return this.#parts.records.openLogs(() => this.flush());
  }

  /** Spans that are accounted for together, whatever other spans do. */
  endAll(spans: readonly SpanLike[]): SpanGroup {
    const group = this.#groups.begin();
    for (const span of spans) {
      const admitted = this.#take(span, group);
      if (isRefusal(admitted)) group.refuse(refusalError(admitted));
    }
    this.#parts.batcher.drain();
    return group;
  }

  /** Returns early when nothing will move before the deadline. */
  async flush(timeoutMs: number = this.#parts.config.flushTimeoutMs): Promise<FlushReport> {
    const { clock, records, batcher } = this.#parts;
    const startedAt = clock.now();
    const groups = this.#groups.cut();
    records.logs?.hurry(groups);
    batcher.drain();
    const deadlineHit = await this.#waitFor(groups, startedAt + timeoutMs);
    await records.logs?.flush(startedAt + timeoutMs - clock.now());
    return reportOf(groups, clock.now() - startedAt, deadlineHit);
  }

  /** Every call shares the first one's shutdown and deadline. */
  async close({ timeoutMs, throwOnLoss = false }: CloseOptions = {}): Promise<ShutdownReport> {
    this.#closing ??= this.#drainAndStop(timeoutMs ?? this.#parts.config.shutdownTimeoutMs);
    const { report, loss } = await this.#closing;
    if (throwOnLoss && loss !== undefined) throw loss;
    return report;
  }

  resetCircuitBreaker(): void {
    this.#parts.delivery.breaker.reset();
  }

  status(): ExporterStatus {
    const { delivery, ledger, records, intake, store } = this.#parts;
    return {
      state: this.#state,
      protocol: delivery.server.protocol,
      serverVersion: delivery.server.traits.version,
      ledger: ledger.read(),
      counters: records.counters(),
      backpressure: intake.backpressure.status(),
      circuit: delivery.breaker.status(),
      spool: store.status(),
    };
  }

  #take(span: SpanLike, group: SpanGroup): Admitted {
    if (this.#state === 'new') this.#begin();
    const { intake, batcher, records } = this.#parts;
    const admitted = intake.admission.admit(span, group);
    if (admitted === 'accepted') batcher.notify();
    else records.forget(span);
    if (admitted === 'queue_full' || admitted === 'backpressure') intake.refused.add(admitted);
    return admitted;
  }

  /** The first span: from here on there may be something to lose. */
  #begin(): void {
    const { config, meters, reporter, ledger } = this.#parts;
    this.#state = 'running';
    meters.begin();
    this.#removeHook = watchProcessEnd({
      hooks: config.hooks,
      reporter,
      ended: () => ledger.read().ended,
      flush: (timeoutMs) => this.flush(timeoutMs),
      close: () => this.close(),
      save: () => this.#saveNow(),
    });
  }

  async #drainAndStop(timeoutMs: number): Promise<Closed> {
    const { clock, ledger, intake, meters, reporter } = this.#parts;
    const startedAt = clock.now();
    this.#state = 'draining';
    const deadlineHit = await this.#shutdown.run(timeoutMs);
    this.#removeHook();
    this.#state = 'closed';
    const report = { ...ledger.read(), durationMs: clock.now() - startedAt, deadlineHit };
    intake.close();
    meters.close();
    const loss = lossError(report);
    if (loss) reporter.report(loss, { operation: 'shutdown', spanCount: lossIn(report) });
    return { report, loss };
  }

  /** The process ends, and waits for nothing. */
  #saveNow(): void {
    const { persistence } = this.#parts.config;
    if (persistence === undefined || this.#state === 'closed') return;
    this.#shutdown.saveNow(persistence.exitBudgetMs);
    this.#state = 'closed';
  }

  async #waitFor(groups: readonly SpanGroup[], deadline: number): Promise<boolean> {
    const { clock, delivery, records } = this.#parts;
    const unprepared = (): number => this.#parts.unprepared;
    const deadlineHit = await settledOrStalled(groups, deadline, { clock, loop: delivery.loop, unprepared });
    const uploads = records.content.uploads?.settled();
    // Where spans do not get through, files do not either.
    if (uploads === undefined || deadlineHit || !groups.every((group) => group.isSettled)) return deadlineHit;
    return !(await within(clock, deadline - clock.now(), uploads));
  }
}
