import type { ConventionCases } from '../convention-case.js';

export const mastra: ConventionCases = {
  convention: 'mastra',
  library: 'Mastra',
  source: 'https://mastra.ai/docs/observability/tracing/exporters/otel',
  cases: [
    {
      says: 'shows the step that failed',
      recorded: { run: 'mastra-langfuse__workflow-error', span: 'workflow_step' },
      expected: { level: 'ERROR' },
    },
    {
      says: 'reads an agent with its content, user, session and tags',
      recorded: { run: 'mastra-otel-exporter__agent-stream', span: 'invoke_agent' },
      expected: {
        type: 'agent',
        input: 'explain the weather',
        user: 'user_123',
        session: 'sess-4f1c',
        tags: ['prod', 'münchen'],
        metadata: { tenant: 'acme' },
      },
    },
    {
      says: 'reads a step of a workflow',
      recorded: { run: 'mastra-otel-exporter__workflow', span: 'workflow_step answer' },
      expected: {
        type: 'chain',
        name: 'workflow_step answer',
        input: { docs: ['東京', 'ü'], q: 'capital?' },
        output: { a: 'Paris 🇫🇷 — the capital of France. “Fluctuat nec mergitur.”' },
      },
    },
    {
      says: 'reads a model call by the GenAI conventions, and when its first token came',
      recorded: { run: 'mastra-otel-exporter__workflow', span: 'chat' },
      expected: {
        type: 'generation',
        model: 'gpt-4o-2024-08-06',
        'first token': '2026-11-23T08:50:46.278Z',
        usage: { input: 163, input_cached_tokens: 1024, output: 342, total: 1529 },
      },
    },
    {
      says: 'unwraps the arguments in a chunk of a stream',
      span: {
        attributes: {
          'mastra.span.type': 'model_chunk',
          'mastra.model_chunk.output': '{"toolName":"f","toolInput":"{\\"a\\":1}"}',
        },
      },
      expected: { type: 'span', output: { toolName: 'f', toolInput: { a: 1 } } },
    },
  ],
};
