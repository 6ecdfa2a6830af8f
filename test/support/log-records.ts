import type { LogRecordLike } from '../../src/log-record.js';
import type { SpanContextLike } from '../../src/span.js';

export const LOGGING_SCOPE = '@opentelemetry/instrumentation-openai';

/** A record of content in the form of `@opentelemetry/instrumentation-openai`, of the span with this context. */
export function contentRecord(
  spanContext: SpanContextLike | undefined,
  name: string,
  body: unknown,
  over: Partial<LogRecordLike> = {},
): LogRecordLike {
  return {
    hrTime: [1_790_000_000, 0],
    spanContext,
    attributes: { 'event.name': name, 'gen_ai.system': 'openai' },
    body,
    instrumentationScope: { name: LOGGING_SCOPE },
    ...over,
  };
}

export function question(spanContext: SpanContextLike | undefined, content: string): LogRecordLike {
  return contentRecord(spanContext, 'gen_ai.user.message', { content });
}

export function answer(spanContext: SpanContextLike | undefined, content: string, index = 0): LogRecordLike {
  return contentRecord(spanContext, 'gen_ai.choice', { index, finish_reason: 'stop', message: { content } });
}
