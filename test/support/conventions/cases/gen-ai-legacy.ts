import type { ConventionCases } from '../convention-case.js';

export const genAiLegacy: ConventionCases = {
  convention: 'gen-ai-legacy',
  library: 'GenAI before messages (OpenLLMetry to 0.22, Python)',
  source: 'https://github.com/traceloop/openllmetry-js/tree/v0.22.2/packages/ai-semantic-conventions',
  cases: [
    {
      says: 'rebuilds flattened prompts, completions and functions',
      span: {
        attributes: {
          'gen_ai.system': 'OpenAI',
          'llm.request.type': 'chat',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.request.temperature': 0.2,
          'gen_ai.prompt.0.role': 'user',
          'gen_ai.prompt.0.content': '[{"type":"text","text":"Hi"}]',
          'gen_ai.completion.0.role': 'assistant',
          'gen_ai.completion.0.finish_reason': 'tool_calls',
          'gen_ai.completion.0.tool_calls.0.name': 'f',
          'gen_ai.completion.0.tool_calls.0.arguments': '{"a":1}',
          'llm.request.functions.0.name': 'f',
          'llm.request.functions.0.arguments': '{"type":"object"}',
          'gen_ai.usage.prompt_tokens': 5,
          'gen_ai.usage.completion_tokens': 2,
          'llm.usage.total_tokens': 7,
        },
      },
      expected: {
        type: 'generation',
        model: 'gpt-4o',
        parameters: { temperature: 0.2 },
        input: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
        output: [{ role: 'assistant', finish_reason: 'tool_calls', tool_calls: [{ name: 'f', arguments: { a: 1 } }] }],
        tools: [{ name: 'f', parameters: { type: 'object' } }],
        usage: { input: 5, output: 2, total: 7 },
      },
    },
    {
      says: 'reads a whole prompt and completion',
      span: { attributes: { 'gen_ai.system': 'openai', 'gen_ai.prompt': 'Hi', 'gen_ai.completion': 'Hello' } },
      expected: { input: 'Hi', output: 'Hello' },
    },
    {
      says: 'reads a role that is the key',
      span: { attributes: { 'gen_ai.prompt.0.user': 'Hi' } },
      expected: { input: [{ role: 'user', content: 'Hi' }] },
    },
    {
      says: 'reads a reranking, whose role is said twice',
      span: {
        attributes: {
          'llm.request.type': 'rerank',
          'gen_ai.request.model': 'rerank-3',
          'gen_ai.prompt.0.role': 'user',
          'gen_ai.prompt.0.user': 'Hi',
        },
      },
      expected: { type: 'retriever', input: [{ role: 'user', content: 'Hi' }], model: 'rerank-3' },
    },
  ],
};
