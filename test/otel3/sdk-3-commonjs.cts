import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import {
  LangfuseSpanExporter,
  LangfuseSpanProcessor,
  type LogRecordLike,
  type SpanLike,
} from '../../dist/cjs/index.js';

/** The same against the declarations that CommonJS users get; both are built, each from a compilation of its own. */
export const processor: SpanProcessor = new LangfuseSpanProcessor();
export const exporter: SpanExporter = new LangfuseSpanExporter();
export const logs: LogRecordProcessor = new LangfuseSpanProcessor().logRecordProcessor();
export const recordAsOurs = (record: ReadableLogRecord): LogRecordLike => record;
export const asOurs = (span: ReadableSpan): SpanLike => span;

// @ts-expect-error an exporter has no onStart
export const notAProcessor: SpanProcessor = new LangfuseSpanExporter();
// @ts-expect-error a span processor takes no log records
export const notALogProcessor: LogRecordProcessor = new LangfuseSpanProcessor();
