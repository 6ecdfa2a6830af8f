import type { ReadableSpan, SpanExporter, SpanProcessor } from 'otel1-sdk-trace-base';
import { LangfuseSpanExporter, LangfuseSpanProcessor, type SpanLike, translateSpans } from '../../src/index.js';

/** Compiled, never run: our classes are what SDK 1.30 wants, and its spans are what we want. */
export const processor: SpanProcessor = new LangfuseSpanProcessor();
export const exporter: SpanExporter = new LangfuseSpanExporter();
export const asOurs = (span: ReadableSpan): SpanLike => span;
export const translate = (spans: ReadableSpan[]): unknown => translateSpans(spans);

// Assignability that nothing fails proves nothing.
// @ts-expect-error an exporter has no onStart
export const notAProcessor: SpanProcessor = new LangfuseSpanExporter();
// @ts-expect-error a processor cannot export
export const notAnExporter: SpanExporter = new LangfuseSpanProcessor();
// @ts-expect-error a span without its context says nothing of its trace
export const notASpan = (span: Omit<ReadableSpan, 'spanContext'>): SpanLike => span;
