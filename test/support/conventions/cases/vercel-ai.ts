import type { ConventionCases } from '../convention-case.js';

const MESSAGES = '[{"role":"user","content":[{"type":"text","text":"Weather in Munich?"}]}]';

export const vercelAi: ConventionCases = {
  convention: 'vercel-ai',
  library: 'Vercel AI SDK 4–7',
  source: 'https://ai-sdk.dev/docs/ai-sdk-core/telemetry',
  cases: [
    {
      says: 'reads a model call, also from a tracer of the application',
      span: {
        name: 'ai.streamText.doStream',
        scope: { name: 'my-tracer' },
        attributes: {
          'ai.operationId': 'ai.streamText.doStream',
          'ai.telemetry.functionId': 'weather',
          'ai.model.id': 'gpt-4o',
          'ai.model.provider': 'openai.chat',
          'ai.response.model': 'gpt-4o-2024-08-06',
          'ai.prompt.messages': MESSAGES,
          'ai.prompt.tools': ['{"type":"function","name":"get_weather","inputSchema":{"type":"object"}}'],
          'ai.response.text': 'One moment',
          'ai.response.reasoning': 'The user wants the weather.',
          'ai.response.toolCalls': '[{"toolCallId":"c1","toolName":"get_weather","input":"{\\"city\\":\\"Munich\\"}"}]',
          'ai.settings.maxOutputTokens': 500,
          'ai.response.msToFirstChunk': 250,
          'ai.usage.inputTokens': 1187,
          'ai.usage.outputTokens': 342,
          'ai.usage.cachedInputTokens': 1024,
          'ai.usage.reasoningTokens': 128,
          'ai.telemetry.metadata.userId': 'u1',
          'ai.telemetry.metadata.sessionId': 's1',
          'ai.telemetry.metadata.tags': ['prod', 'münchen'],
          'ai.telemetry.metadata.tenant': 'acme',
          'ai.telemetry.metadata.langfusePrompt': '{"name":"greeting","version":3,"isFallback":false}',
        },
      },
      expected: {
        type: 'generation',
        name: 'weather:ai.streamText.doStream',
        input: [{ role: 'user', content: [{ type: 'text', text: 'Weather in Munich?' }] }],
        tools: [{ type: 'function', name: 'get_weather', inputSchema: { type: 'object' } }],
        output: {
          role: 'assistant',
          content: 'One moment',
          reasoning: 'The user wants the weather.',
          tool_calls: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'get_weather', input: { city: 'Munich' } }],
        },
        model: 'gpt-4o-2024-08-06',
        parameters: { maxOutputTokens: 500 },
        usage: { input: 163, input_cached_tokens: 1024, output: 214, output_reasoning_tokens: 128, total: 1529 },
        'first token': '2026-09-21T14:13:20.250Z',
        user: 'u1',
        session: 's1',
        tags: ['prod', 'münchen'],
        metadata: { tenant: 'acme' },
        prompt: { name: 'greeting', version: 3 },
      },
    },
    {
      says: 'reads the tool calls of version 4, whose arguments are text',
      span: {
        attributes: {
          'ai.operationId': 'ai.generateText.doGenerate',
          'ai.response.toolCalls':
            '[{"toolCallType":"function","toolCallId":"c1","toolName":"f","args":"{\\"a\\":1}"}]',
        },
      },
      expected: {
        type: 'generation',
        output: {
          role: 'assistant',
          content: '',
          tool_calls: [
            { toolCallType: 'function', type: 'tool-call', toolCallId: 'c1', toolName: 'f', input: { a: 1 } },
          ],
        },
      },
    },
    {
      says: 'reads a tool',
      span: {
        attributes: {
          'ai.operationId': 'ai.toolCall',
          'ai.toolCall.name': 'get_weather',
          'ai.toolCall.args': '{"city":"Munich"}',
          'ai.toolCall.result': '{"temperature":3.5}',
        },
      },
      expected: { type: 'tool', name: 'get_weather', input: { city: 'Munich' }, output: { temperature: 3.5 } },
    },
    {
      says: 'reads the operation of the first versions, with the name of the function behind it',
      span: {
        name: 'ai.embed.doEmbed weather',
        attributes: { 'operation.name': 'ai.embed.doEmbed weather', 'ai.model.id': 'te-3', 'ai.value': '"Hi"' },
      },
      expected: { type: 'embedding', name: 'ai.embed.doEmbed weather', input: 'Hi', model: 'te-3' },
    },
    {
      says: 'reads the texts and vectors of embeddings',
      span: {
        attributes: {
          'ai.operationId': 'ai.embedMany.doEmbed',
          'ai.model.id': 'text-embedding-3-small',
          'ai.values': ['"sunny"', '"rainy"'],
          'ai.embeddings': ['[0.1,0.2]', '[0.3,0.4]'],
          'ai.usage.tokens': 38,
        },
      },
      expected: {
        type: 'embedding',
        input: ['sunny', 'rainy'],
        output: [
          [0.1, 0.2],
          [0.3, 0.4],
        ],
        model: 'text-embedding-3-small',
        usage: { input: 38, total: 38 },
      },
    },
    {
      says: 'reads the documents and the order of a reranking',
      recorded: { run: 'ai__rerank-v6', span: 'ai.rerank.doRerank' },
      expected: {
        type: 'retriever',
        input: ['ICE 9571', 'Nozomi 225'],
        output: [
          { index: 1, relevanceScore: 0.97 },
          { index: 0, relevanceScore: 0.11 },
        ],
        model: 'rerank-v3.5',
      },
    },
    {
      says: 'keeps a structured answer as the text that it is',
      span: { attributes: { 'ai.operationId': 'ai.generateObject.doGenerate', 'ai.response.object': '{"n":12.75}' } },
      expected: { type: 'generation', output: { n: 12.75 } },
    },
  ],
};
