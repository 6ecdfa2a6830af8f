import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import {
  LangfuseSpanExporter,
  LangfuseSpanProcessor,
  type LogRecordLike,
  type SpanLike,
  translateSpans,
} from '../../src/index.js';

/** Compiled, never run: our classes are what SDK 2.x wants, and its spans are what we want. */
export const processor: SpanProcessor = new LangfuseSpanProcessor();
export const exporter: SpanExporter = new LangfuseSpanExporter();
export const logs: LogRecordProcessor = new LangfuseSpanProcessor().logRecordProcessor();
export const recordAsOurs = (record: ReadableLogRecord): LogRecordLike => record;
export const asOurs = (span: ReadableSpan): SpanLike => span;
export const translate = (spans: ReadableSpan[]): unknown => translateSpans(spans);

// Assignability that nothing fails proves nothing.
// @ts-expect-error an exporter has no onStart
export const notAProcessor: SpanProcessor = new LangfuseSpanExporter();
// @ts-expect-error a processor cannot export
export const notAnExporter: SpanExporter = new LangfuseSpanProcessor();
// @ts-expect-error a span without its context says nothing of its trace
export const notASpan = (span: Omit<ReadableSpan, 'spanContext'>): SpanLike => span;
// @ts-expect-error a span processor takes no log records
export const notALogProcessor: LogRecordProcessor = new LangfuseSpanProcessor();
