import type { MeterProvider } from '@opentelemetry/api';
import type { ErrorContext, LangfuseError } from '../errors.js';
import type { BackpressureStatus, CircuitBreakerStatus } from '../health.js';
import type { MaskFunction } from '../mask-function.js';
import type { Logger, LogLevel } from '../runtime/logger.js';
import type { BackpressureOptions } from './backpressure-options.js';
import type { CircuitBreakerOptions, ConcurrencyOptions, QueueOptions, RetryOptions } from './delivery-options.js';
import type { ExportRules, ShouldExportSpan } from './filter-options.js';
import type { HooksOptions } from './hooks-options.js';
import type { MaskOptions } from './mask-options.js';
import type { DeliveryMode, PersistenceOptions } from './persistence-options.js';

/** How spans reach the server: `ingestion` (Langfuse v2, v3), `otlp` (v4, Cloud), or whatever the server takes. */
export type ProtocolOption = 'auto' | 'ingestion' | 'otlp';

/**
 * Options of `LangfuseSpanProcessor` and `LangfuseSpanExporter`. Every one is optional; what is not given comes from
 * the environment variable named beside it, then from the default. A bad value given here throws a `LangfuseError`
 * (`VALIDATION_ERROR`); a bad value in the environment is warned about and ignored.
 */
export interface LangfuseOptions {
  /** Project key, `pk-lf-…`. Environment: `LANGFUSE_PUBLIC_KEY`. Without both keys nothing is exported. */
  readonly publicKey?: string | undefined;
  /** Project key, `sk-lf-…`. Environment: `LANGFUSE_SECRET_KEY`. */
  readonly secretKey?: string | undefined;
  /**
   * Where Langfuse is; a path is kept, a trailing slash is not. Environment: `LANGFUSE_BASE_URL`,
   * `LANGFUSE_BASEURL`, `LANGFUSE_HOST`.
   * @defaultValue `'https://cloud.langfuse.com'`
   */
  readonly baseUrl?: string | undefined;
  /**
   * `false` turns everything off. Environment: `LANGFUSE_TRACING_ENABLED`; `OTEL_SDK_DISABLED=true` turns off too.
   * @defaultValue `true`
   */
  readonly enabled?: boolean | undefined;
  /**
   * Which endpoint to use. `'auto'` asks the server's health endpoint and believes what the server then accepts.
   * Environment: `LANGFUSE_PROTOCOL`.
   * @defaultValue `'auto'`
   */
  readonly protocol?: ProtocolOption | undefined;
  /**
   * Langfuse environment of spans that name none: lower-case letters, digits, `-`, `_`, at most 40, not beginning with
   * `langfuse`. Environment: `LANGFUSE_TRACING_ENVIRONMENT`.
   * @defaultValue the server's, `default`
   */
  readonly environment?: string | undefined;
  /** Release of spans that name none. Environment: `LANGFUSE_RELEASE`, then the usual variables of CI systems. */
  readonly release?: string | undefined;
  /** Version of spans that name none, before the resource's `service.version`. */
  readonly version?: string | undefined;
  /**
   * Whether user, session, tags, names and metadata that a caller elsewhere put into the W3C baggage (`langfuse_…`, as
   * `propagateAttributes({ asBaggage: true })` of `@langfuse/core` writes them) are taken for the trace. Whoever can
   * reach the application can send baggage: only where every caller is known. Values of more than 200 characters and
   * more than 64 entries are not read.
   * @defaultValue `false`
   */
  readonly trustInboundBaggage?: boolean | undefined;
  /** Sent with every request, e.g. for a proxy. */
  readonly additionalHeaders?: Readonly<{ [name: string]: string }> | undefined;
  /** Refused: `@langfuse/otel` takes an exporter here; use `LangfuseSpanExporter` behind a processor of your own. */
  readonly exporter?: undefined;
  /**
   * Seconds one attempt may take. Environment: `LANGFUSE_TIMEOUT`.
   * @defaultValue `10`
   */
  readonly timeout?: number | undefined;
  /**
   * Compression of request bodies where the server accepts it (OTLP; the ingestion endpoint does not).
   * @defaultValue `'gzip'`
   */
  readonly compression?: 'gzip' | 'none' | undefined;
  /**
   * `'immediate'` sends each span as soon as it ends, without waiting for a batch.
   * @defaultValue `'batched'`
   */
  readonly exportMode?: 'batched' | 'immediate' | undefined;
  /**
   * Spans per request at most. Environment: `LANGFUSE_FLUSH_AT`, `OTEL_BSP_MAX_EXPORT_BATCH_SIZE`.
   * @defaultValue OTLP 512, growing to 2,048 in a backlog; ingestion 50, following the server's answer time
   */
  readonly flushAt?: number | undefined;
  /**
   * Seconds a span waits for others at most. Environment: `LANGFUSE_FLUSH_INTERVAL`, then `OTEL_BSP_SCHEDULE_DELAY`
   * (milliseconds).
   * @defaultValue `1`
   */
  readonly flushInterval?: number | undefined;
  /**
   * Share of all traces that is kept, 0 to 1: whole traces, the same ones in every process. 0 means none. Environment:
   * `LANGFUSE_SAMPLE_RATE`.
   * @defaultValue `1`
   */
  readonly sampleRate?: number | undefined;
  /** Bounds of what waits in memory. Beyond either, the newest span is refused (`queue_full`). */
  readonly queue?: QueueOptions | undefined;
  /** What is done before the queue is full. Of the processor only: behind somebody else's, the queue is theirs. */
  readonly backpressure?: BackpressureOptions | undefined;
  /**
   * Bytes of JSON in one request at most, before compression.
   * @defaultValue ingestion 3,500,000 (the server's limit is 4,718,592); OTLP 8,000,000
   */
  readonly maxBatchBytes?: number | undefined;
  /**
   * Bytes of JSON of one observation at most; larger content is cut, with a marker in the text.
   * @defaultValue ingestion 3,000,000; OTLP 8,000,000
   */
  readonly maxEventBytes?: number | undefined;
  /** How many requests run at the same time. */
  readonly concurrency?: ConcurrencyOptions | undefined;
  /** When to try again, and when to give up. */
  readonly retry?: RetryOptions | undefined;
  /** When to leave a failing server alone. */
  readonly circuitBreaker?: CircuitBreakerOptions | undefined;
  /**
   * What becomes of a request on OTLP that may have arrived (time-out, cut connection, 502 or 504): a server that has
   * it would show a repeat twice, for minutes or longer. `'verify'`: it is looked up first (two questions, after 3 and
   * after 10 more seconds, ten a minute), and sent again when it is not there or cannot be looked up. `true`: sent
   * again at once. `false`: its spans are given up, counted as `ambiguous`. On ingestion a repeat changes nothing and is
   * always sent.
   * @defaultValue `'verify'`
   */
  readonly resendAmbiguous?: 'verify' | boolean | undefined;
  /**
   * What is promised for a span that was accepted: see the page on delivery. All but `'best-effort'` need
   * `persistence.directory`; `'at-least-once'` excludes `resendAmbiguous: false`.
   * @defaultValue `'at-least-once'` with `persistence.directory`, else `'best-effort'`
   */
  readonly delivery?: DeliveryMode | undefined;
  /** Where spans survive the process. */
  readonly persistence?: PersistenceOptions | undefined;
  /**
   * Milliseconds `shutdown` and `close` may take.
   * @defaultValue `10_000`
   */
  readonly shutdownTimeoutMs?: number | undefined;
  /**
   * Milliseconds `flush` and `forceFlush` may take.
   * @defaultValue `30_000`; on serverless platforms, which bill the wait and end it themselves, `2_000`
   */
  readonly flushTimeoutMs?: number | undefined;
  /** What is done when the process ends. Installed with the first span, removed by `close`. */
  readonly hooks?: HooksOptions | undefined;
  /**
   * Which spans are exported: `include` and `exclude` change the default filter, a function replaces it. Spans that
   * the sampler turned away never are. The page on filters lists what the default knows.
   * @defaultValue processor: spans of LLM libraries, and the span with which such a trace begins; exporter: every span
   */
  readonly shouldExportSpan?: ShouldExportSpan | ExportRules | undefined;
  /**
   * Whether agents, chains and other spans around model calls keep the model, the tokens and the cost they repeat from
   * their children. `false`: each call counts once, and they show what was not counted in their metadata.
   * @defaultValue `false`
   */
  readonly usageOnWrappers?: boolean | undefined;
  /**
   * Changes what is sent. A function is asked about all content, text by text, at every place the page on privacy
   * lists; the object form also about identifiers. Synchronous or not. A mask that throws or takes too long costs what
   * it was asked about, never the span: `[withheld: the mask failed]` is sent in its place.
   * @defaultValue none
   */
  readonly mask?: MaskFunction | MaskOptions | undefined;
  /**
   * Whether images, audio and files in base64 are uploaded to Langfuse's media store, and a reference sent in their
   * place. `false`: they are sent where they stand. Environment: `LANGFUSE_MEDIA_UPLOAD_ENABLED`.
   * @defaultValue `true`
   */
  readonly mediaUploadEnabled?: boolean | undefined;
  /** Where metrics of the exporter itself go. Without it, and without `metrics`, there are none. */
  readonly meterProvider?: MeterProvider | undefined;
  /**
   * `true`: metrics go to the global meter provider, which may be registered later than this.
   * @defaultValue `false`
   */
  readonly metrics?: boolean | undefined;
  /** Where messages go. Default: warnings and errors to the console, rate-limited; the rest to OpenTelemetry's `diag`. */
  readonly logger?: Logger | undefined;
  /**
   * The least important level that is logged. Environment: `LANGFUSE_LOG_LEVEL`; `LANGFUSE_DEBUG=true` means `debug`.
   * @defaultValue `'info'`
   */
  readonly logLevel?: LogLevel | undefined;
  /** Told whenever the circuit changes its state. Its own exceptions are swallowed. */
  readonly onCircuitChange?: ((status: CircuitBreakerStatus) => void) | undefined;
  /** Told whenever pressure begins, ends, or changes the sampling rate. Its own exceptions are swallowed. */
  readonly onBackpressure?: ((status: BackpressureStatus) => void) | undefined;
  /** Told every failure that happens in the background. Its own exceptions are swallowed. */
  readonly onError?: ((error: LangfuseError, context: ErrorContext) => void) | undefined;
}
