export {
  type ErrorContext,
  isApiError,
  isLangfuseError,
  isRetryable,
  isValidationError,
  LangfuseError,
  type LangfuseErrorCode,
  type LangfuseErrorInit,
} from './errors.js';
export { type ExplainOptions, type Explanation, explain } from './explain/explain.js';
export { type IngestionEvent, type TranslateSpansOptions, translateSpans } from './explain/translate-spans.js';
export type { BackpressureStatus, CircuitBreakerStatus, CircuitReason } from './health.js';
export type { Counters } from './ledger/counters.js';
export type { Ledger } from './ledger/ledger.js';
export type { LogCounters, LogDropReason } from './ledger/log-counts.js';
export type { MediaCounts } from './ledger/media-counts.js';
export type { SpoolStatus } from './ledger/spool-status.js';
export type {
  CloseOptions,
  ExporterCounters,
  ExporterState,
  ExporterStatus,
  FlushReport,
  ShutdownReport,
} from './ledger/status.js';
export type { LogRecordLike } from './log-record.js';
export type { MaskFunction, MaskParams } from './mask-function.js';
export type { DropReason, ObservationLevel, ObservationType, Protocol, RefusalReason } from './model.js';
export type { BackpressureOptions } from './options/backpressure-options.js';
export type {
  CircuitBreakerOptions,
  ConcurrencyOptions,
  QueueOptions,
  RetryOptions,
} from './options/delivery-options.js';
export type { ExportRules, ShouldExportSpan, SpanPattern, SpanRule } from './options/filter-options.js';
export type { HooksOptions } from './options/hooks-options.js';
export type { MaskOptions } from './options/mask-options.js';
export type { LangfuseOptions, ProtocolOption } from './options/options.js';
export type { DeliveryMode, PersistenceOptions } from './options/persistence-options.js';
export { LangfuseLogRecordProcessor, type LogSink } from './otel/log-record-processor.js';
export { type ExportResultLike, LangfuseSpanExporter } from './otel/span-exporter.js';
export { LangfuseSpanProcessor } from './otel/span-processor.js';
export {
  consoleLogger,
  diagLogger,
  type Logger,
  type LogLevel,
  noopLogger,
  type PinoLike,
  pinoLogger,
} from './runtime/logger.js';
export type {
  HrTime,
  ResourceLike,
  ScopeLike,
  SpanContextLike,
  SpanEventLike,
  SpanLike,
  SpanLinkLike,
  SpanStatusLike,
} from './span.js';
export type { RepairKind, TruncationKind } from './wire-rules.js';
