import type { ConventionCases } from '../convention-case.js';

export const sentry: ConventionCases = {
  convention: 'sentry',
  library: 'Sentry’s AI spans',
  source: 'https://develop.sentry.dev/sdk/telemetry/traces/modules/ai-agents/',
  cases: [
    {
      says: 'reads text and tool calls of the answer as one message',
      span: {
        attributes: {
          'sentry.op': 'gen_ai.chat',
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.conversation.id': 's1',
          'gen_ai.request.available_tools': '[{"type":"function","name":"f"}]',
          'gen_ai.input.messages': '[{"role":"user","content":"Hi"}]',
          'gen_ai.response.text': '["One moment"]',
          'gen_ai.response.tool_calls':
            '[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\\"a\\":1}"}}]',
          'gen_ai.usage.input_tokens': 5,
          'gen_ai.usage.output_tokens': 2,
        },
      },
      expected: {
        type: 'generation',
        model: 'gpt-4o',
        session: 's1',
        input: [{ role: 'user', content: 'Hi' }],
        tools: [{ type: 'function', name: 'f' }],
        output: {
          role: 'assistant',
          content: 'One moment',
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: { a: 1 } } }],
        },
        usage: { input: 5, output: 2, total: 7 },
      },
    },
    {
      says: 'reads a text alone as a text',
      recorded: { run: 'sentry-node__openai-chat-stream', span: 'chat' },
      expected: { type: 'generation', model: 'gpt-4o-2024-08-06', session: 'conv-77' },
    },
    {
      says: 'knows the kind from the operation of Sentry',
      span: {
        attributes: {
          'sentry.op': 'gen_ai.execute_tool',
          'gen_ai.tool.name': 'f',
          'gen_ai.tool.input': '{"a":1}',
          'gen_ai.tool.output': '{"b":2}',
        },
      },
      expected: { type: 'tool', name: 'f', input: { a: 1 }, output: { b: 2 } },
    },
  ],
};
