import type { ConventionCases } from '../convention-case.js';

export const openLit: ConventionCases = {
  convention: 'openlit',
  library: 'OpenLIT',
  source: 'https://docs.openlit.io/latest/sdk/features/tracing',
  cases: [
    {
      says: 'reads a model call, whose tools are joined with commas',
      span: {
        name: 'chat gpt-4o',
        scope: { name: '@openlit/instrumentation-openai' },
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.request.temperature': 1,
          'gen_ai.tool.name': 'f,g',
          'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]',
          'gen_ai.output.messages':
            '[{"role":"assistant","parts":[{"type":"text","content":"Hello"}],"finish_reason":"stop"}]',
          'gen_ai.usage.input_tokens': 5,
          'gen_ai.usage.output_tokens': 4,
          'gen_ai.usage.reasoning_tokens': 1,
          'gen_ai.usage.cost': 0.5,
          'gen_ai.server.time_to_first_token': 0.25,
        },
      },
      expected: {
        type: 'generation',
        name: 'chat gpt-4o',
        model: 'gpt-4o',
        parameters: { temperature: 1 },
        input: [{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', content: 'Hello' }], finish_reason: 'stop' }],
        usage: { input: 5, output: 3, output_reasoning_tokens: 1, total: 9 },
        cost: { total: 0.5 },
        'first token': '2026-09-21T14:13:20.250Z',
      },
    },
    {
      says: 'knows a vector database',
      span: {
        scope: { name: '@openlit/instrumentation-pinecone' },
        attributes: { 'gen_ai.operation.name': 'vectordb' },
      },
      expected: { type: 'retriever' },
    },
  ],
};
