import type { Context } from '@opentelemetry/api';
import { type Destination, openDestination } from '../destination.js';
import type { CloseOptions, ExporterStatus, FlushReport, ShutdownReport } from '../ledger/status.js';
import type { LangfuseOptions } from '../options/options.js';
import type { SpanLike } from '../span.js';
import { LangfuseLogRecordProcessor } from './log-record-processor.js';

/**
 * Exports ended spans to Langfuse. Give it to any OpenTelemetry JS SDK (1.30, 2.x, 3.x), beside other processors:
 *
 *     new NodeSDK({ spanProcessors: [new LangfuseSpanProcessor()] })
 *
 * Spans are read, never changed. Nothing is serialised or sent inside `span.end()`.
 */
export class LangfuseSpanProcessor {
  readonly #destination: Destination;
  #logRecordProcessor: LangfuseLogRecordProcessor | undefined;

  /** @throws LangfuseError `VALIDATION_ERROR` for an option that cannot be used; without keys it is only a warning. */
  constructor(options: LangfuseOptions = {}) {
    this.#destination = openDestination(options, 'llm-spans');
  }

  onStart(span: object, parentContext: Context): void {
    this.#destination.start(span, parentContext);
  }

  onEnd(span: SpanLike): void {
    this.#destination.end(span);
  }

  /**
   * For `logRecordProcessors` of the SDK: brings content that an instrumentation writes as log records to its span. From
   * the first call on, spans of such instrumentations wait up to a second for their answer. Always the same one.
   */
  logRecordProcessor(): LangfuseLogRecordProcessor {
    this.#logRecordProcessor ??= new LangfuseLogRecordProcessor(this.#destination.openLogs());
    return this.#logRecordProcessor;
  }

  /** `flush` in OpenTelemetry's clothes. Resolves within `flushTimeoutMs`; what was lost is logged and reported. */
  async forceFlush(): Promise<void> {
    await this.#destination.flush();
  }

  /** `close` in OpenTelemetry's clothes. Resolves within `shutdownTimeoutMs`; what was lost is logged and reported. */
  async shutdown(): Promise<void> {
    await this.#destination.close();
  }

  /**
   * Waits until everything that ended before the call is delivered or given up, requests under way included.
   *
   * @param options - `timeoutMs`: default `flushTimeoutMs`.
   * @returns what became of the spans since the last flush.
   */
  async flush(options: { readonly timeoutMs?: number | undefined } = {}): Promise<FlushReport> {
    return this.#destination.flush(options.timeoutMs);
  }

  /**
   * Takes no more spans, delivers what is held, then closes every connection. Repeated calls share one shutdown.
   *
   * @returns the final ledger.
   * @throws LangfuseError `SHUTDOWN_ERROR` when spans were lost and `throwOnLoss` is set.
   */
  async close(options: CloseOptions = {}): Promise<ShutdownReport> {
    return this.#destination.close(options);
  }

  /** A snapshot of state, protocol and ledger, as plain JSON. */
  status(): ExporterStatus {
    return this.#destination.status();
  }

  /** Operator's override: closes the circuit, whatever its state, so that requests go at once. */
  resetCircuitBreaker(): void {
    this.#destination.resetCircuitBreaker();
  }
}
