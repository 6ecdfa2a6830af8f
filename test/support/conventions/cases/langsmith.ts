import type { ConventionCases } from '../convention-case.js';

export const langSmith: ConventionCases = {
  convention: 'langsmith',
  library: 'LangSmith (OpenTelemetry mode)',
  source: 'https://docs.smith.langchain.com/observability/how_to_guides/trace_with_opentelemetry',
  cases: [
    {
      says: 'shows a run that threw, though its status says otherwise',
      recorded: { run: 'langsmith__traceable-error', span: 'bad' },
      expected: { type: 'chain', level: 'ERROR', status: 'TypeError: boom' },
    },
    {
      says: 'reads a model call, with user, session and usage in LangChain’s form',
      span: {
        name: 'ChatOpenAI',
        attributes: {
          'langsmith.span.kind': 'llm',
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.prompt': '{"messages":[{"role":"user","content":"Hi"}]}',
          'gen_ai.completion':
            '{"choices":[{"index":0,"message":{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"{\\"a\\":1}"}}]}}]}',
          'langsmith.metadata.user_id': 'u1',
          'langsmith.metadata.thread_id': 's1',
          'langsmith.metadata.tenant': 'acme',
          'langsmith.metadata.ls_invocation_params': '{"temperature":0.2}',
          'langsmith.span.tags': 'prod, beta',
          'langsmith.usage_metadata':
            '{"input_tokens":1187,"output_tokens":342,"total_tokens":1529,"input_token_details":{"cache_read":1024},"output_token_details":{"reasoning":128}}',
        },
      },
      expected: {
        type: 'generation',
        name: 'ChatOpenAI',
        model: 'gpt-4o',
        input: { messages: [{ role: 'user', content: 'Hi' }] },
        output: {
          choices: [
            {
              index: 0,
              message: { role: 'assistant', tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }] },
            },
          ],
        },
        parameters: { temperature: 0.2 },
        user: 'u1',
        session: 's1',
        tags: ['prod', 'beta'],
        metadata: { tenant: 'acme' },
        usage: { input: 163, input_cached_tokens: 1024, output: 214, output_reasoning_tokens: 128, total: 1529 },
      },
    },
    {
      says: 'knows a retriever, which the GenAI operation calls embeddings',
      recorded: { run: 'langsmith__traceable', span: 'retr' },
      expected: { type: 'retriever', input: { input: 'x' }, user: 'user_123', session: 'sess-4f1c' },
    },
    {
      says: 'knows a chain and its tags',
      recorded: { run: 'langsmith__traceable', span: 'chain' },
      expected: { type: 'chain', tags: ['prod', 'münchen'] },
    },
  ],
};
