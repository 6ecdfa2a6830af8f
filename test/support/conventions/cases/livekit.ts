import type { ConventionCases } from '../convention-case.js';

export const liveKit: ConventionCases = {
  convention: 'livekit',
  library: 'LiveKit Agents',
  source: 'https://docs.livekit.io/agents/observability/data/',
  cases: [
    {
      says: 'reads a turn of the agent',
      span: {
        name: 'agent_turn',
        scope: { name: 'livekit-agents' },
        attributes: {
          'lk.pii.user_input': 'Weather in Munich?',
          'lk.pii.response.text': 'Sleet.',
          'lk.response.ttft': 0.25,
        },
      },
      expected: {
        type: 'agent',
        input: 'Weather in Munich?',
        output: 'Sleet.',
        'first token': '2026-09-21T14:13:20.250Z',
      },
    },
    {
      says: 'reads the names of before, without pii',
      span: {
        name: 'llm_node',
        attributes: {
          'lk.chat_ctx': '{"items":[{"role":"user","content":["Hi"]}]}',
          'lk.response.function_calls': '[{"name":"f","arguments":"{\\"a\\":1}"}]',
        },
      },
      expected: {
        input: { items: [{ role: 'user', content: ['Hi'] }] },
        output: { role: 'assistant', content: '', tool_calls: [{ name: 'f', arguments: { a: 1 } }] },
      },
    },
    {
      says: 'reads a tool that failed',
      span: {
        name: 'function_tool',
        scope: { name: 'livekit-agents' },
        attributes: {
          'lk.function_tool.name': 'f',
          'lk.pii.function_tool.arguments': '{"a":1}',
          'lk.pii.function_tool.output': 'boom',
          'lk.function_tool.is_error': true,
        },
      },
      expected: { type: 'tool', name: 'f', input: { a: 1 }, output: 'boom', level: 'ERROR' },
    },
    {
      says: 'keeps the machinery of a voice in the background',
      span: { name: 'drain_agent_activity', scope: { name: 'livekit-agents' } },
      expected: { type: 'span', level: 'DEBUG' },
    },
    {
      says: 'reads a model call by the GenAI conventions',
      span: {
        name: 'llm_request',
        scope: { name: 'livekit-agents' },
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.usage.input_tokens': 5,
          'gen_ai.usage.output_tokens': 2,
        },
      },
      expected: { type: 'generation', model: 'gpt-4o', usage: { input: 5, output: 2, total: 7 }, level: 'DEFAULT' },
    },
  ],
};
