import type { ConventionCases } from '../convention-case.js';

export const voltAgent: ConventionCases = {
  convention: 'voltagent',
  library: 'VoltAgent',
  source: 'https://voltagent.dev/observability-docs/concepts/',
  cases: [
    {
      says: 'reads a model call',
      recorded: { run: 'voltagent-core__agent-stream', span: 'llm:' },
      expected: {
        type: 'generation',
        name: 'llm:streamText',
        model: 'gpt-4o',
        user: 'user_123',
        session: 'conv-77',
        parameters: { temperature: 0.3, max_tokens: 500, maxRetries: 3, stream: 'true' },
        usage: { input: 163, input_cached_tokens: 1024, output: 342, total: 1529 },
      },
    },
    {
      says: 'reads the messages and the tool of a call by hand',
      span: {
        attributes: {
          'span.type': 'llm',
          'llm.model': 'gpt-4o',
          'llm.messages': '[{"role":"user","content":"Hi"}]',
          output: 'Hello',
        },
      },
      expected: { type: 'generation', input: [{ role: 'user', content: 'Hi' }], output: 'Hello' },
    },
    {
      says: 'knows an agent, which has no kind of its own',
      recorded: { run: 'voltagent-core__agent-stream', span: 'travel-agent' },
      expected: { type: 'agent', name: 'travel-agent' },
    },
    {
      says: 'knows what an agent does to its memory as no agent',
      recorded: { run: 'voltagent-core__agent-stream', span: 'memory.write' },
      expected: { type: 'span', output: { saved: true } },
    },
  ],
};
