import { type Attributes, type Context, ROOT_CONTEXT, type Tracer, trace } from '@opentelemetry/api';

/** What a workload made, told by the SDK itself. */
export interface Made {
  readonly traceId: string;
  readonly agentId: string;
  readonly chatId: string;
}

/** Nested values, which SDK 3.x keeps and its predecessors drop with a warning. */
export const NESTED = {
  'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }],
  'app.nested': { list: [1, 'two', { deep: true }] },
};

/** The loggers of SDK 2.x and 3.x, as far as the workload uses them. */
export interface ContentLogger {
  emit(record: { readonly eventName: string; readonly body: { message: { content: string } }; context: Context }): void;
}

/** What the model call answers in a log record, where there is a logger. */
export const LOGGED = 'from the logs signal';

/** An agent's span with a model call in it: the same for every SDK. */
export function makeSpans(tracer: Tracer, logger?: ContentLogger): Made {
  const agent = tracer.startSpan('agent', { attributes: { 'gen_ai.operation.name': 'invoke_agent' } });
  const chat = tracer.startSpan(
    'chat',
    { attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-5', 'app.list': ['a', 'b'] } },
    trace.setSpan(ROOT_CONTEXT, agent),
  );
  // The types of API 1.9 do not know them, the SDK behind it may.
  chat.setAttributes(NESTED as unknown as Attributes);
  logger?.emit({
    eventName: 'gen_ai.choice',
    body: { message: { content: LOGGED } },
    context: trace.setSpan(ROOT_CONTEXT, chat),
  });
  chat.end();
  agent.end();
  const { traceId, spanId } = agent.spanContext();
  return { traceId, agentId: spanId, chatId: chat.spanContext().spanId };
}
