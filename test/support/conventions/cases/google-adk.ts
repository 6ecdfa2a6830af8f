import type { ConventionCases } from '../convention-case.js';

export const googleAdk: ConventionCases = {
  convention: 'google-adk',
  library: 'Google ADK',
  source: 'https://google.github.io/adk-docs/observability/',
  cases: [
    {
      says: 'reads a model call of JavaScript, thoughts and cache included',
      span: {
        name: 'call_llm',
        scope: { name: 'gcp.vertex.agent' },
        attributes: {
          'gen_ai.system': 'gcp.vertex.agent',
          'gen_ai.request.model': 'gemini-2.5-flash',
          'gen_ai.usage.input_tokens': 812,
          'gen_ai.usage.output_tokens': 210,
          'gcp.vertex.agent.session_id': 's1',
          'gcp.vertex.agent.llm_request':
            '{"model":"gemini-2.5-flash","contents":[{"role":"user","parts":[{"text":"Hi"}]}]}',
          'gcp.vertex.agent.llm_response':
            '{"content":{"role":"model","parts":[{"text":"Hello"}]},"usageMetadata":{"promptTokenCount":812,"candidatesTokenCount":210,"totalTokenCount":1150,"cachedContentTokenCount":512,"thoughtsTokenCount":128}}',
        },
      },
      expected: {
        type: 'generation',
        name: 'call_llm',
        model: 'gemini-2.5-flash',
        session: 's1',
        input: { model: 'gemini-2.5-flash', contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] },
        usage: { input: 300, input_cached_tokens: 512, output: 210, output_reasoning_tokens: 128, total: 1150 },
      },
    },
    {
      says: 'reads a tool, and nothing where nothing is said',
      span: {
        name: 'execute_tool f',
        attributes: {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'f',
          'gcp.vertex.agent.llm_request': '{}',
          'gcp.vertex.agent.tool_call_args': '{"a":1}',
          'gcp.vertex.agent.tool_response': '{"result":2}',
        },
      },
      expected: { type: 'tool', name: 'f', input: { a: 1 }, output: { result: 2 } },
    },
    {
      says: 'knows a model call that failed before it had an attribute',
      span: { name: 'call_llm', scope: { name: 'gcp.vertex.agent' }, status: { code: 2, message: 'quota' } },
      expected: { type: 'generation', level: 'ERROR', status: 'quota' },
    },
  ],
};
