import { channel } from 'node:diagnostics_channel';
import type { Context } from '@opentelemetry/api';
import { BatchSize } from './delivery/batch-size.js';
import { DeliveryLoop } from './delivery/delivery-loop.js';
import { Gate } from './delivery/gate.js';
import { Pacing } from './delivery/pacing.js';
import { LangfuseServer } from './delivery/protocol.js';
import { sender } from './delivery/send.js';
import { Settlements } from './delivery/settlement.js';
import { fitRecord } from './encode/fit.js';
import { ingestionEncoder } from './encode/ingestion.js';
import { otlpEncoder } from './encode/otlp.js';
import { toRecord } from './encode/record.js';
import { LangfuseError } from './errors.js';
import { classifyResponse } from './http/classify.js';
import { classifyFailure } from './http/classify-failure.js';
import { identityHeaders } from './http/identity.js';
import { httpTransport } from './http/transport.js';
import { Admission } from './intake/admission.js';
import { Batcher } from './intake/batcher.js';
import { SpanGroup } from './intake/span-group.js';
import { type QueuedSpan, SpanQueue } from './intake/span-queue.js';
import { LedgerBook } from './ledger/ledger.js';
import { lossIn, reportOf } from './ledger/reports.js';
import type { ExporterState, ExporterStatus, FlushReport, ShutdownReport } from './ledger/status.js';
import type { DropReason, Observation, PromptLink, Protocol } from './model.js';
import type { Config, Credentials } from './options/config.js';
import { DEFAULTS } from './options/defaults.js';
import { type Inherited, Propagation } from './otel/propagation.js';
import { ResourceWait } from './otel/resource-wait.js';
import { toSpanData } from './otel/span-data.js';
import type { Clock, Held, Transport } from './ports.js';
import { systemClock } from './runtime/clock.js';
import { within } from './runtime/deadline.js';
import { ErrorReporter } from './runtime/error-reporter.js';
import type { SpanLike } from './span.js';
import { MemorySpool } from './spool/memory-spool.js';
import { type TranslateOptions, toObservation } from './translate/observation.js';
import { TraceMemory } from './translate/trace-memory.js';

/** Whoever subscribes hears of every pipeline that is made: `{ status(): ExporterStatus }`. */
const CREATED = channel('opentelemetry-exporter-langfuse:created');

/**
 * The house put together: spans come in by `end`, and leave as requests to one Langfuse project. This is the only
 * place that constructs the parts. Until the first span it opens nothing: no timer, no socket, no file.
 */
export class Pipeline {
  readonly #config: Config;
  readonly #clock: Clock = systemClock();
  readonly #propagation = new Propagation();
  readonly #memory = new TraceMemory();
  readonly #queue = new SpanQueue();
  readonly #spool = new MemorySpool();
  readonly #ledger: LedgerBook;
  readonly #reporter: ErrorReporter;
  readonly #settlements: Settlements;
  readonly #admission: Admission;
  readonly #batcher: Batcher;
  readonly #transport: Transport;
  readonly #server: LangfuseServer;
  readonly #loop: DeliveryLoop;
  readonly #resourceWait = new ResourceWait(this.#clock);
  /** Groups with spans on their way; the last one takes the spans that end now. */
  #groups: readonly SpanGroup[] = [];
  #current = new SpanGroup();
  #state: ExporterState = 'new';
  #closing: Promise<ShutdownReport> | undefined;
  #onHold: () => void = () => {};

  constructor(config: Config, credentials: Credentials, keepsByDefault: (span: SpanLike) => boolean) {
    const { batch, delivery, destination, queue, shouldExportSpan } = config;
    const clock = this.#clock;
    this.#config = config;
    this.#ledger = new LedgerBook(() => ({
      queued: this.#queue.length + this.#spool.waiting,
      inFlight: this.#spool.leased,
      spooled: 0,
    }));
    this.#reporter = new ErrorReporter(config.logger, clock, destination.baseUrl, config.onError);
    this.#settlements = new Settlements(this.#ledger, this.#reporter);
    const keeps = shouldExportSpan ? (span: SpanLike) => shouldExportSpan({ otelSpan: span }) === true : keepsByDefault;
    this.#admission = new Admission({ ...queue, keeps, behind: this.#spool }, this.#queue, this.#ledger);
    this.#transport = httpTransport({
      baseUrl: destination.baseUrl,
      headers: identityHeaders(credentials, destination.headers),
      connections: delivery.concurrency.max,
      attemptTimeoutMs: delivery.attemptTimeoutMs,
    });
    this.#server = new LangfuseServer(
      { baseUrl: destination.baseUrl, protocol: config.protocol === 'auto' ? undefined : config.protocol },
      this.#transport,
      clock,
      config.logger,
    );
    const maxBatchBytes = (protocol: Protocol) => batch.maxBatchBytes ?? DEFAULTS.maxBatchBytes[protocol];
    const batchSize = new BatchSize({ flushAt: batch.flushAt, ...DEFAULTS.flushAt });
    this.#loop = new DeliveryLoop({
      spool: this.#spool,
      server: this.#server,
      send: sender({
        transport: this.#transport,
        clock,
        encoders: { ingestion: ingestionEncoder, otlp: otlpEncoder },
        fit: (protocol, record) => fitRecord(record, batch.maxEventBytes ?? DEFAULTS.maxEventBytes[protocol]),
        maxBatchBytes,
        traits: () => this.#server.traits,
        attemptTimeoutMs: delivery.attemptTimeoutMs,
        gzip: delivery.gzip,
        classifyResponse,
        classifyFailure: (failure, timedOut) => classifyFailure(failure, destination.baseUrl, timedOut),
      }),
      gate: new Gate(delivery.retry, clock),
      batchSize,
      settlements: this.#settlements,
      reporter: this.#reporter,
      clock,
      pacing: new Pacing(delivery.concurrency),
      maxBatchSize: maxBatchBytes,
      onHold: () => this.#onHold(),
    });
    this.#batcher = new Batcher(
      this.#queue,
      {
        batchSpans: () => (batch.immediate ? 1 : batchSize.next(this.#server.protocol ?? 'ingestion', 0)),
        intervalMs: batch.immediate ? 0 : batch.flushIntervalMs,
      },
      {
        prepare: ({ span }) => this.#resourceWait.for(span.resource),
        process: (queued) => this.#translate(queued),
        batchDone: () => this.#loop.kick(),
      },
      clock,
    );
    if (CREATED.hasSubscribers) CREATED.publish(this);
  }

  /** A span starts. Runs inside the application's `startSpan`. */
  start(span: object, parent: Context): void {
    try {
      this.#propagation.note(span, parent);
    } catch {
      // A broken context manager costs the span what it would have inherited, not more.
    }
  }

  /** A span ended. Runs inside the application's `span.end()`: takes it and returns. */
  end(span: SpanLike): void {
    this.#take(span, this.#current);
  }

  /** Spans that are accounted for together, whatever other spans do. */
  endAll(spans: readonly SpanLike[]): SpanGroup {
    const group = new SpanGroup();
    this.#groups = [...this.#groups.filter((open) => !open.isSettled), group];
    for (const span of spans) this.#take(span, group);
    this.#batcher.drain();
    return group;
  }

  async flush(timeoutMs: number = this.#config.flushTimeoutMs): Promise<FlushReport> {
    const startedAt = this.#clock.now();
    const groups = [...this.#groups.filter((open) => !open.isSettled), this.#current];
    this.#current = new SpanGroup();
    this.#groups = groups;
    this.#batcher.drain();
    this.#loop.kick();
    const settled = Promise.all(groups.map((group) => group.whenSettled()));
    const inTime = groups.every((group) => group.isSettled) || (await within(this.#clock, timeoutMs, settled));
    return reportOf(groups, this.#clock.now() - startedAt, !inTime);
  }

  close(timeoutMs: number = this.#config.shutdownTimeoutMs): Promise<ShutdownReport> {
    this.#closing ??= this.#drainAndStop(timeoutMs);
    return this.#closing;
  }

  status(): ExporterStatus {
    return {
      state: this.#state,
      protocol: this.#server.protocol,
      serverVersion: this.#server.traits.version,
      ledger: this.#ledger.read(),
    };
  }

  #take(span: SpanLike, group: SpanGroup): void {
    if (this.#state === 'new') this.#state = 'running';
    if (this.#admission.admit(span, group) === 'accepted') this.#batcher.notify();
  }

  #translate({ span, group }: QueuedSpan): void {
    try {
      const inherited = this.#propagation.of(span);
      const observation = toObservation(toSpanData(span), withInherited(this.#config.translate, inherited));
      const update = this.#memory.update(observation, inherited?.trace);
      const record = toRecord(withPrompt(observation, inherited?.prompt), update);
      this.#spool.append({ record, group });
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
    const startedAt = this.#clock.now();
    this.#state = 'draining';
    this.#admission.close();
    const held = new Promise<void>((resolve) => {
      this.#onHold = resolve;
    });
    this.#loop.hurry();
    const drained = this.flush(timeoutMs);
    const inTime = await within(this.#clock, timeoutMs, Promise.race([drained, held]));
    const interrupted = await this.#loop.stop();
    this.#dropRest(interrupted);
    await this.#transport.close();
    this.#state = 'closed';
    const report = { ...this.#ledger.read(), durationMs: this.#clock.now() - startedAt, deadlineHit: !inTime };
    this.#tellLoss(report);
    return report;
  }

  #dropRest(interrupted: ReadonlySet<Held>): void {
    const error = new LangfuseError('SHUTDOWN_ERROR', 'the span was not delivered before the shutdown ended');
    for (let queued = this.#queue.take(); queued; queued = this.#queue.take()) {
      this.#ledger.drop('shutdown_deadline', 1);
      queued.group.settle('dropped', 1, error);
    }
    const lease = this.#spool.lease(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    for (const item of lease?.held ?? []) {
      const reason: DropReason = interrupted.has(item) ? 'ambiguous' : 'shutdown_deadline';
      if (lease) this.#settlements.dropped(lease, [item], reason, error);
    }
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

function withInherited(options: TranslateOptions, inherited: Inherited | undefined): TranslateOptions {
  if (inherited?.environment === undefined && inherited?.version === undefined) return options;
  return {
    ...options,
    environment: inherited.environment ?? options.environment,
    version: inherited.version ?? options.version,
  };
}

/** Only generations have prompts. */
function withPrompt(observation: Observation, prompt: PromptLink | undefined): Observation {
  if (prompt === undefined || observation.prompt !== undefined || observation.type !== 'generation') return observation;
  return { ...observation, prompt };
}

function idsOf(span: SpanLike): readonly string[] {
  try {
    return [span.spanContext().spanId];
  } catch {
    return [];
  }
}
