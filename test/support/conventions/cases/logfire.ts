import type { ConventionCases } from '../convention-case.js';

export const logfire: ConventionCases = {
  convention: 'logfire',
  library: 'Logfire, Pydantic AI (Python)',
  source: 'https://ai.pydantic.dev/logfire/',
  cases: [
    {
      says: 'reads an agent with its whole conversation',
      span: {
        name: 'agent run',
        scope: { name: 'pydantic-ai' },
        attributes: {
          'logfire.msg': 'travel run',
          'pydantic_ai.all_messages': '[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]',
          final_result: 'Hello',
          'gen_ai.usage.input_tokens': 5,
          'gen_ai.usage.output_tokens': 2,
          'logfire.tags': ['prod'],
          'logfire.level_num': 13,
        },
      },
      expected: {
        type: 'agent',
        name: 'travel run',
        input: [{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }],
        output: 'Hello',
        tags: ['prod'],
        level: 'WARNING',
      },
    },
    {
      says: 'tells messages and answer apart in one list',
      span: {
        attributes: {
          'gen_ai.request.model': 'gpt-4o',
          events:
            '[{"event.name":"gen_ai.user.message","role":"user","content":"Hi"},{"event.name":"gen_ai.choice","message":{"role":"assistant","content":"Hello"}}]',
          model_request_parameters: '{"function_tools":[{"name":"f"}]}',
        },
      },
      expected: {
        type: 'generation',
        model: 'gpt-4o',
        input: [{ 'event.name': 'gen_ai.user.message', role: 'user', content: 'Hi' }],
        output: { 'event.name': 'gen_ai.choice', message: { role: 'assistant', content: 'Hello' } },
        tools: [{ name: 'f' }],
      },
    },
    {
      says: 'reads Logfire’s integration of OpenAI',
      span: {
        attributes: {
          'logfire.msg': 'Chat',
          request_data: '{"messages":[{"role":"user","content":"Hi"}]}',
          response_data: '{"message":{"role":"assistant","content":"Hello"}}',
        },
      },
      expected: {
        input: { messages: [{ role: 'user', content: 'Hi' }] },
        output: { message: { role: 'assistant', content: 'Hello' } },
      },
    },
  ],
};
