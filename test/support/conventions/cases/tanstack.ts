import type { ConventionCases } from '../convention-case.js';

export const tanStack: ConventionCases = {
  convention: 'tanstack',
  library: 'TanStack AI',
  source: 'https://tanstack.com/ai/latest/docs/advanced/otel',
  cases: [
    {
      says: 'reads the span around the iterations',
      span: {
        name: 'chat gpt-4o',
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'gpt-4o',
          'tanstack.ai.iterations': 2,
          'gen_ai.usage.input_tokens': 10,
          'gen_ai.usage.output_tokens': 4,
          'langfuse.observation.input': '[{"role":"user","content":"Hi"}]',
        },
      },
      expected: { type: 'generation', input: [{ role: 'user', content: 'Hi' }] },
    },
    {
      says: 'reads an iteration by the GenAI conventions, cost included',
      span: {
        name: 'chat gpt-4o #0',
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.usage.input_tokens': 5,
          'gen_ai.usage.output_tokens': 2,
          'gen_ai.usage.cost': 0.25,
          'tanstack.ai.usage.duration_seconds': 2,
          'langfuse.observation.output': '[{"role":"assistant","content":"Hello"}]',
        },
      },
      expected: {
        type: 'generation',
        model: 'gpt-4o',
        output: [{ role: 'assistant', content: 'Hello' }],
        usage: { input: 5, output: 2, total: 7 },
        cost: { total: 0.25 },
      },
    },
    {
      says: 'shows the tool that failed, with its arguments as they were',
      span: {
        attributes: {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'f',
          'tanstack.ai.tool.outcome': 'error',
          'langfuse.observation.input': '[{"role":"tool","content":"{\\"a\\":1}"}]',
        },
      },
      expected: { type: 'tool', name: 'f', input: [{ role: 'tool', content: { a: 1 } }], level: 'ERROR' },
    },
  ],
};
