import type { SpanLike } from '../span.js';

/** Prefixes of attribute keys that only instrumentations of language models write. */
const LLM_PREFIXES = [
  'gen_ai.',
  'langfuse.',
  'ai.',
  'llm.',
  'openinference.',
  'traceloop.',
  'genkit:',
  'mastra.',
  'langsmith.',
  'lk.',
  'lmnr.',
  'langwatch.',
  'mcp.',
  'gcp.vertex.agent.',
] as const;

/** Scopes of instrumentations that may set their attributes late, or none of the above. */
const LLM_SCOPES = [
  'langfuse',
  'ai',
  'gen_ai',
  'openinference',
  '@arizeai/',
  '@traceloop/',
  'genkit-tracer',
  '@mastra/',
  '@voltagent/',
  'langsmith',
  'livekit-agents',
  'strands-agents',
  'gcp.vertex.agent',
  'lmnr.tracer',
  '@openlit/',
  '@elastic/opentelemetry-instrumentation-openai',
  '@opentelemetry/instrumentation-openai',
] as const;

/** Keeps spans of language-model libraries and the application's own Langfuse spans; HTTP, databases and such are not. */
export function isLlmSpan(span: SpanLike): boolean {
  const scope = span.instrumentationScope?.name ?? span.instrumentationLibrary?.name ?? '';
  if (LLM_SCOPES.some((known) => scope === known || (known.length > 2 && scope.startsWith(known)))) return true;
  for (const key in span.attributes) if (LLM_PREFIXES.some((prefix) => key.startsWith(prefix))) return true;
  return false;
}
