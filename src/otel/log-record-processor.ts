import type { LogRecordLike } from '../log-record.js';

/** Where content goes that arrives on the logs signal: the pipeline of the span processor it belongs to. */
export interface LogSink {
  emitLog(record: LogRecordLike): void;
  flush(): Promise<unknown>;
  closeLogs(): void;
}

/**
 * Joins prompts and answers that an instrumentation writes as log records to the span they belong to. Made by
 * `LangfuseSpanProcessor.logRecordProcessor()`, for any OpenTelemetry JS logs SDK:
 *
 *     const langfuse = new LangfuseSpanProcessor();
 *     new NodeSDK({ spanProcessors: [langfuse], logRecordProcessors: [langfuse.logRecordProcessor()] })
 *
 * Other log records are none of its business: they are not kept and not sent.
 */
export class LangfuseLogRecordProcessor {
  readonly #sink: LogSink;

  /** @param sink - called by `logRecordProcessor()`; there is no other use. */
  constructor(sink: LogSink) {
    this.#sink = sink;
  }

  /** Takes the record and returns. Never throws. */
  onEmit(logRecord: LogRecordLike, _context?: unknown): void {
    this.#sink.emitLog(logRecord);
  }

  /** Content leaves with its spans, so this is the `forceFlush` of the span processor. */
  async forceFlush(_options?: unknown): Promise<void> {
    await this.#sink.flush();
  }

  /** No more records come: spans that waited for some go on. The span processor is not shut down by this. */
  async shutdown(): Promise<void> {
    this.#sink.closeLogs();
  }
}
