import type { ConventionCases } from '../convention-case.js';

export const openInference: ConventionCases = {
  convention: 'openinference',
  library: 'OpenInference',
  source: 'https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md',
  cases: [
    {
      says: 'shows images',
      span: {
        attributes: {
          'openinference.span.kind': 'LLM',
          'llm.input_messages.0.message.role': 'user',
          'llm.input_messages.0.message.contents.0.message_content.type': 'image',
          'llm.input_messages.0.message.contents.0.message_content.image.image.url': 'https://example.org/a.png',
          'llm.input_messages.0.message.contents.0.message_content.image.format': 'png',
        },
      },
      expected: {
        input: [
          {
            role: 'user',
            content: [{ type: 'image_url', image_url: { url: 'https://example.org/a.png', format: 'png' } }],
          },
        ],
      },
    },
    {
      says: 'reads flattened messages, tools and counts',
      span: {
        attributes: {
          'openinference.span.kind': 'LLM',
          'llm.model_name': 'gpt-4o',
          'llm.invocation_parameters': '{"model":"gpt-4o","temperature":0.2}',
          'llm.input_messages.0.message.role': 'user',
          'llm.input_messages.0.message.contents.0.message_content.type': 'text',
          'llm.input_messages.0.message.contents.0.message_content.text': 'Hi',
          'llm.output_messages.0.message.role': 'assistant',
          'llm.output_messages.0.message.tool_calls.0.tool_call.id': 'c1',
          'llm.output_messages.0.message.tool_calls.0.tool_call.function.name': 'f',
          'llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments': '{"a":1}',
          'llm.tools.0.tool.json_schema': '{"type":"function","function":{"name":"f"}}',
          'llm.token_count.prompt': 1187,
          'llm.token_count.completion': 342,
          'llm.token_count.prompt_details.cache_read': 1024,
          'llm.token_count.completion_details.reasoning': 128,
          'llm.cost.total': 0.5,
          metadata: '{"tenant":"acme"}',
          'tag.tags': '["prod"]',
          'session.id': 's1',
          'user.id': 'u1',
        },
      },
      expected: {
        type: 'generation',
        model: 'gpt-4o',
        parameters: { temperature: 0.2 },
        input: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
        output: [{ role: 'assistant', tool_calls: [{ id: 'c1', function: { name: 'f', arguments: { a: 1 } } }] }],
        tools: [{ type: 'function', function: { name: 'f' } }],
        usage: { input: 163, input_cached_tokens: 1024, output: 214, output_reasoning_tokens: 128, total: 1529 },
        cost: { total: 0.5 },
        metadata: { tenant: 'acme' },
        tags: ['prod'],
        session: 's1',
        user: 'u1',
      },
    },
    {
      says: 'takes the provider’s own form where a chat view shows it, because it has more',
      span: {
        attributes: {
          'openinference.span.kind': 'LLM',
          'input.value': '{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"seed":7}',
          'llm.input_messages.0.message.role': 'user',
          'llm.input_messages.0.message.content': 'Hi',
          'output.value': '{"id":"1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"}}]}',
          'llm.output_messages.0.message.content': 'Hello',
        },
      },
      expected: {
        input: { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }], seed: 7 },
        output: { id: '1', choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' } }] },
      },
    },
    {
      says: 'reads flattened parameters',
      span: {
        attributes: {
          'openinference.span.kind': 'LLM',
          'llm.model_name': 'llama-3',
          'llm.invocation_parameters.temperature': 0.5,
        },
      },
      expected: { type: 'generation', model: 'llama-3', parameters: { temperature: 0.5 } },
    },
    {
      says: 'reads what a retriever found',
      span: {
        attributes: {
          'openinference.span.kind': 'RETRIEVER',
          'input.value': 'trains',
          'retrieval.documents.0.document.id': 'd1',
          'retrieval.documents.0.document.content': 'ICE',
          'retrieval.documents.0.document.score': 0.9,
          'retrieval.documents.0.document.metadata': '{"page":3}',
        },
      },
      expected: {
        type: 'retriever',
        input: 'trains',
        output: [{ id: 'd1', content: 'ICE', score: 0.9, metadata: { page: 3 } }],
      },
    },
    {
      says: 'reads a reranker',
      recorded: { run: 'arizeai-openinference-core__manual-attributes', span: 'reranker' },
      expected: {
        type: 'retriever',
        model: 'rerank-v3.5',
        input: { query: 'q', documents: [{ content: 'a' }] },
        output: [{ content: 'b', score: 0.9 }],
      },
    },
    {
      says: 'reads embeddings',
      recorded: { run: 'arizeai-openinference-core__manual-attributes', span: 'embed' },
      expected: { type: 'embedding', model: 'text-embedding-3-small', input: ['Grüße'] },
    },
    {
      says: 'reads a tool',
      span: {
        attributes: {
          'openinference.span.kind': 'TOOL',
          'tool.name': 'f',
          'tool.parameters': '{"a":1}',
          'output.value': 'two',
        },
      },
      expected: { type: 'tool', name: 'f', input: { a: 1 }, output: 'two' },
    },
    {
      says: 'keeps text that is JSON as the text that was said',
      span: {
        attributes: {
          'openinference.span.kind': 'LLM',
          'llm.output_messages.0.message.role': 'assistant',
          'llm.output_messages.0.message.content': '{"city":"Munich"}',
        },
      },
      expected: { output: [{ role: 'assistant', content: '{"city":"Munich"}' }] },
    },
  ],
};
