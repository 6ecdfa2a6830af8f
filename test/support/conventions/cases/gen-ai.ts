import type { ConventionCases } from '../convention-case.js';

export const genAi: ConventionCases = {
  convention: 'gen-ai',
  library: 'OpenTelemetry GenAI 1.27 to current',
  source: 'https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/',
  cases: [
    {
      says: 'takes no parameter from what Effect calls undefined',
      span: {
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.temperature': 'undefined',
          'gen_ai.request.top_p': 0.5,
        },
      },
      expected: { parameters: { top_p: 0.5 } },
    },
    {
      says: 'reads definitions in the provider’s own form',
      span: {
        attributes: {
          'gen_ai.operation.name': 'generate_content',
          'gen_ai.tool.definitions':
            '[{"functionDeclarations":[{"name":"f"},{"name":"g"}]},{"toolSpec":{"name":"h"}},{"googleSearch":{}}]',
        },
      },
      expected: { tools: [{ name: 'f' }, { name: 'g' }, { name: 'h' }, { googleSearch: {} }] },
    },
    {
      says: 'reads the user that a request names',
      span: { attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.user': 'u1' } },
      expected: { user: 'u1' },
    },
    {
      says: 'reads a model call with content as JSON text',
      span: {
        name: 'chat gpt-5',
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'openai',
          'gen_ai.request.model': 'gpt-5',
          'gen_ai.response.model': 'gpt-5-2026-01-01',
          'gen_ai.request.temperature': 0.2,
          'gen_ai.conversation.id': 's1',
          'gen_ai.response.time_to_first_chunk': 0.25,
          'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Weather?"}]}]',
          'gen_ai.output.messages':
            '[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"f","arguments":"{\\"a\\":1}"}],"finish_reason":"tool_call"}]',
          'gen_ai.tool.definitions': '[{"type":"function","name":"f","parameters":{"type":"object"}}]',
          'gen_ai.usage.input_tokens': 1187,
          'gen_ai.usage.cache_read.input_tokens': 1024,
          'gen_ai.usage.output_tokens': 342,
          'gen_ai.usage.reasoning.output_tokens': 128,
        },
      },
      expected: {
        type: 'generation',
        name: 'chat gpt-5',
        model: 'gpt-5-2026-01-01',
        parameters: { temperature: 0.2 },
        session: 's1',
        input: [{ role: 'user', parts: [{ type: 'text', content: 'Weather?' }] }],
        output: [
          {
            role: 'assistant',
            parts: [{ type: 'tool_call', id: 'c1', name: 'f', arguments: { a: 1 } }],
            finish_reason: 'tool_call',
          },
        ],
        tools: [{ type: 'function', name: 'f', parameters: { type: 'object' } }],
        usage: { input: 163, input_cached_tokens: 1024, output: 214, output_reasoning_tokens: 128, total: 1529 },
        'first token': '2026-09-21T14:13:20.250Z',
      },
    },
    {
      says: 'reads structured content, as SDK 3.x keeps it',
      span: {
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }],
        },
      },
      expected: { input: [{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }] },
    },
    {
      says: 'reads a tool',
      span: {
        name: 'execute_tool f',
        attributes: {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'f',
          'gen_ai.tool.call.arguments': '{"a":1}',
          'gen_ai.tool.call.result': '"two"',
        },
      },
      expected: { type: 'tool', name: 'f', input: { a: 1 }, output: 'two' },
    },
    {
      says: 'reads embeddings',
      span: {
        attributes: {
          'gen_ai.operation.name': 'embeddings',
          'gen_ai.request.model': 'text-embedding-3-small',
          'gen_ai.embeddings.input': 'Hi',
          'gen_ai.usage.input_tokens': 19,
        },
      },
      expected: { type: 'embedding', model: 'text-embedding-3-small', input: 'Hi', usage: { input: 19, total: 19 } },
    },
    {
      says: 'reads retrieval',
      span: {
        attributes: {
          'gen_ai.operation.name': 'retrieval',
          'gen_ai.retrieval.query.text': 'trains',
          'gen_ai.retrieval.documents': '[{"id":"d1","score":0.9}]',
        },
      },
      expected: { type: 'retriever', input: 'trains', output: [{ id: 'd1', score: 0.9 }] },
    },
    {
      says: 'knows an agent',
      span: { attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'travel' } },
      expected: { type: 'agent' },
    },
    {
      says: 'knows a workflow',
      span: { attributes: { 'gen_ai.operation.name': 'invoke_workflow', 'gen_ai.workflow.name': 'trip' } },
      expected: { type: 'chain' },
    },
    {
      says: 'reads a search in a memory',
      span: {
        attributes: {
          'gen_ai.operation.name': 'search_memory',
          'gen_ai.memory.query.text': 'name?',
          'gen_ai.memory.records': '[{"content":"Ada"}]',
        },
      },
      expected: { type: 'retriever', input: 'name?', output: [{ content: 'Ada' }] },
    },
    {
      says: 'does not take the bare names of tools for definitions',
      span: { attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.tool.definitions': '["f"]' } },
      expected: { input: undefined },
    },
  ],
};
