import { type Destination, openDestination } from '../destination.js';
import type { CloseOptions, ExporterStatus, FlushReport, ShutdownReport } from '../ledger/status.js';
import type { LangfuseOptions } from '../options/options.js';
import { callSafely } from '../runtime/call-safely.js';
import type { SpanLike } from '../span.js';

/** OpenTelemetry's `ExportResult`: 0 success, 1 failure. The same in every SDK major. */
export interface ExportResultLike {
  readonly code: 0 | 1;
  readonly error?: Error;
}

const SUCCESS = 0;
const FAILED = 1;

/**
 * Exports spans to Langfuse behind a span processor of your own. `LangfuseSpanProcessor` does more (it inherits
 * attributes at a span's start, batches and bounds by itself); use this one when the processor is given.
 */
export class LangfuseSpanExporter {
  readonly #destination: Destination;

  /** @throws LangfuseError `VALIDATION_ERROR` for an option that cannot be used; without keys it is only a warning. */
  constructor(options: LangfuseOptions = {}) {
    this.#destination = openDestination(options, 'everything');
  }

  /**
   * Calls back once, later: with success when every span was delivered, deliberately left out, or (with `persistence`)
   * is safe on disk; else with a `LangfuseError`.
   */
  export(spans: readonly SpanLike[], resultCallback: (result: ExportResultLike) => void): void {
    const group = this.#destination.endAll(spans);
    void group.whenSafe().then(() => {
      const result: ExportResultLike = group.failure ? { code: FAILED, error: group.failure } : { code: SUCCESS };
      callSafely(
        () => resultCallback(result),
        () => {
          // The callback is the caller's; what it throws must not end the process.
        },
      );
    });
  }

  /** `flush` in OpenTelemetry's clothes. */
  async forceFlush(): Promise<void> {
    await this.#destination.flush();
  }

  /** `close` in OpenTelemetry's clothes. */
  async shutdown(): Promise<void> {
    await this.#destination.close();
  }

  /** As `LangfuseSpanProcessor.flush`. */
  async flush(options: { readonly timeoutMs?: number | undefined } = {}): Promise<FlushReport> {
    return this.#destination.flush(options.timeoutMs);
  }

  /** As `LangfuseSpanProcessor.close`. */
  async close(options: CloseOptions = {}): Promise<ShutdownReport> {
    return this.#destination.close(options);
  }

  /** As `LangfuseSpanProcessor.status`. */
  status(): ExporterStatus {
    return this.#destination.status();
  }

  /** Operator's override: closes the circuit, whatever its state, so that requests go at once. */
  resetCircuitBreaker(): void {
    this.#destination.resetCircuitBreaker();
  }
}
