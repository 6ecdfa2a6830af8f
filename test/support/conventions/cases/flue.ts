import type { ConventionCases } from '../convention-case.js';

export const flue: ConventionCases = {
  convention: 'flue',
  library: 'Flue',
  source: 'https://flue.dev',
  cases: [
    {
      says: 'reads a tool',
      span: {
        scope: { name: '@flue/opentelemetry' },
        attributes: {
          'flue.tool.name': 'f',
          'flue.tool.arguments': '{"a":1}',
          'flue.tool.result': '{"b":2}',
        },
      },
      expected: { type: 'tool', name: 'f', input: { a: 1 }, output: { b: 2 } },
    },
    {
      says: 'reads a turn',
      span: {
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.conversation.id': 's1',
          'flue.turn.input': '{"messages":[{"role":"user","content":"Hi"}]}',
          'flue.turn.output': '{"role":"assistant","content":"Hello"}',
        },
      },
      expected: {
        type: 'generation',
        model: 'gpt-4o',
        session: 's1',
        input: { messages: [{ role: 'user', content: 'Hi' }] },
        output: { role: 'assistant', content: 'Hello' },
      },
    },
    {
      says: 'reads a task',
      span: {
        attributes: {
          'flue.task.id': 't1',
          'flue.task.agent': 'planner',
          'flue.task.prompt': 'plan',
          'flue.task.result': 'done',
        },
      },
      expected: { type: 'agent', input: 'plan', output: 'done' },
    },
  ],
};
