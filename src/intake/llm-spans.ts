import type { SpanLike } from '../span.js';

/**
 * How spans of language-model libraries are told from others. Scopes are the names that tracers of these libraries
 * have in fact, so that a span counts before it has any attribute; attributes tell the rest, whoever's tracer made it.
 * Beyond what the filter of `@langfuse/otel` knows (5.11: Langfuse's own, `gen_ai.*`, the scopes of Python libraries)
 * are the libraries of the JavaScript world, as they were seen to name themselves in November 2026.
 */
const SCOPES: ReadonlySet<string> = new Set([
  'ai',
  'gen_ai',
  'eve',
  'llamaindex',
  'genkit-tracer',
  'livekit-agents',
  'Agent365Sdk',
  'pydantic-ai',
  'semantic_kernel',
  '@opentelemetry/instrumentation-google-genai',
  '@opentelemetry/instrumentation-openai',
  '@elastic/opentelemetry-instrumentation-openai',
]);

/** The scope itself, and everything below it: `openinference.instrumentation.openai`, `@arizeai/openinference-…`. */
const SCOPE_FAMILIES = [
  'langfuse',
  'openinference',
  'langsmith',
  'strands-agents',
  'gcp.vertex.agent',
  'lmnr',
  'langwatch',
  'voltagent',
  'mastra',
  'agent_framework',
  'Microsoft.SemanticKernel',
  'smolagents',
  'openlit',
  'haystack',
  'litellm',
  'vllm',
  '@langfuse/',
  '@arizeai/',
  '@traceloop/',
  '@mastra/',
  '@voltagent/',
  '@openlit/',
  '@langchain/',
  '@openai/agents',
  '@llamaindex/',
  '@google/adk',
  '@flue/',
  '@tanstack/ai',
  '@effect/ai',
  '@strands-agents/',
  '@livekit/agents',
  '@lmnr-ai/',
  '@microsoft/agents-a365',
  '@modelcontextprotocol/',
  'opentelemetry.instrumentation.anthropic',
  'opentelemetry.instrumentation.aws_bedrock',
  'opentelemetry.instrumentation.bedrock',
  'opentelemetry.instrumentation.gemini',
  'opentelemetry.instrumentation.google_genai',
  'opentelemetry.instrumentation.google_generativeai',
  'opentelemetry.instrumentation.openai',
  'opentelemetry.instrumentation.openai_v2',
  'opentelemetry.instrumentation.vertex_ai',
  'opentelemetry.instrumentation.vertexai',
] as const;

/** Keys, and beginnings of keys, that only the span of a call, a tool, an agent or the like carries. */
const KEYS = [
  'gen_ai.',
  'langfuse.observation.',
  'langfuse.trace.input',
  'langfuse.trace.output',
  'langfuse.trace.public',
  'langfuse.internal.as_root',
  'ai.',
  'llm.',
  'openinference.span.kind',
  'traceloop.span.kind',
  'traceloop.entity.',
  'genkit:',
  'mastra.',
  'langsmith.',
  'lk.',
  'lmnr.span.',
  'flue.',
  'tanstack.ai.',
  'voltagent.',
  'pydantic_ai.',
  'smolagents.',
  'mlflow.span',
  'agent_loop.',
  'event_loop.cycle_id',
  'langwatch.',
  'mcp.',
  'gcp.vertex.agent.',
  'db.vector.',
] as const;

/**
 * Keys that a context hands down to every span below it, the database's included (the processors of Traceloop,
 * Laminar and Langfuse do so): of a span of plumbing they say nothing.
 */
const HANDED_DOWN: ReadonlySet<string> = new Set(['gen_ai.conversation.id', 'gen_ai.agent.name', 'gen_ai.agent.id']);

/** Instrumentations of what carries the calls: HTTP, databases, frameworks, files. */
const PLUMBING = ['@opentelemetry/instrumentation-', '@prisma/', '@fastify/otel', '@vercel/otel'] as const;

const MAX_CACHED = 4096;
const scopes = new Map<string, 'llm' | 'plumbing' | 'other'>();
const keys = new Map<string, 'llm' | 'handed-down' | 'other'>();

/** The scope or the attribute key that makes this a span of a language-model library; undefined when it is none. */
export function llmEvidence(span: SpanLike): string | undefined {
  const scope = span.instrumentationScope?.name ?? span.instrumentationLibrary?.name ?? '';
  const kind = cached(scopes, scope, kindOfScope);
  if (kind === 'llm') return scope;
  for (const key in span.attributes) {
    const meaning = cached(keys, key, kindOfKey);
    if (meaning === 'llm' || (meaning === 'handed-down' && kind !== 'plumbing')) return key;
  }
  return undefined;
}

function kindOfScope(scope: string): 'llm' | 'plumbing' | 'other' {
  if (SCOPES.has(scope) || SCOPE_FAMILIES.some((family) => isWithin(scope, family))) return 'llm';
  return PLUMBING.some((prefix) => scope.startsWith(prefix)) ? 'plumbing' : 'other';
}

/** The name ends there or goes on with another part: `langfuse-sdk` is of the family `langfuse`, `langfuselike` is not. */
function isWithin(scope: string, family: string): boolean {
  return scope.startsWith(family) && (family.endsWith('/') || !/^[a-z0-9]/i.test(scope.slice(family.length)));
}

function kindOfKey(key: string): 'llm' | 'handed-down' | 'other' {
  if (HANDED_DOWN.has(key)) return 'handed-down';
  return KEYS.some((prefix) => key.startsWith(prefix)) ? 'llm' : 'other';
}

/** Names repeat from span to span; invented ones must not fill the memory. */
function cached<T>(known: Map<string, T>, name: string, of: (name: string) => T): T {
  const remembered = known.get(name);
  if (remembered !== undefined) return remembered;
  const kind = of(name);
  if (known.size < MAX_CACHED) known.set(name, kind);
  return kind;
}
