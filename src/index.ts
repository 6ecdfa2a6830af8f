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
export type { Counters } from './ledger/counters.js';
export type { Ledger } from './ledger/ledger.js';
export type { CloseOptions, ExporterState, ExporterStatus, FlushReport, ShutdownReport } from './ledger/status.js';
export type {
  CircuitBreakerStatus,
  CircuitReason,
  DropReason,
  ObservationLevel,
  ObservationType,
  Protocol,
  RefusalReason,
} from './model.js';
export type {
  CircuitBreakerOptions,
  ConcurrencyOptions,
  ExportRules,
  HooksOptions,
  LangfuseOptions,
  ProtocolOption,
  QueueOptions,
  RetryOptions,
  ShouldExportSpan,
  SpanPattern,
  SpanRule,
} from './options/options.js';
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
export { type IngestionEvent, type TranslateSpansOptions, translateSpans } from './translate-spans.js';
export type { RepairKind, TruncationKind } from './wire-rules.js';
