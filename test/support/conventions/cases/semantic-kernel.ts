import type { ConventionCases } from '../convention-case.js';

export const semanticKernel: ConventionCases = {
  convention: 'semantic-kernel',
  library: 'Semantic Kernel (.NET, Python)',
  source: 'https://learn.microsoft.com/semantic-kernel/concepts/enterprise-readiness/observability/',
  cases: [
    {
      says: 'reads a model call with its own names and events',
      span: {
        scope: { name: 'Microsoft.SemanticKernel.Connectors.OpenAI' },
        attributes: {
          'gen_ai.operation.name': 'chat.completions',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.response.prompt_tokens': 5,
          'gen_ai.response.completion_tokens': 2,
        },
        events: [
          {
            name: 'gen_ai.user.message',
            time: [1_790_000_000, 0],
            attributes: { 'gen_ai.event.content': '{"role":"user","content":"Hi"}' },
          },
          {
            name: 'gen_ai.choice',
            time: [1_790_000_000, 0],
            attributes: { 'gen_ai.event.content': '{"index":0,"message":{"role":"assistant","content":"Hello"}}' },
          },
        ],
      },
      expected: {
        type: 'generation',
        model: 'gpt-4o',
        input: [{ role: 'user', content: 'Hi' }],
        output: { role: 'assistant', index: 0, content: 'Hello' },
        usage: { input: 5, output: 2, total: 7 },
      },
    },
  ],
};
