import type { ConventionCases } from '../convention-case.js';

export const genAiEvents: ConventionCases = {
  convention: 'gen-ai-events',
  library: 'OpenTelemetry GenAI, span events',
  source: 'https://github.com/open-telemetry/semantic-conventions/blob/v1.36.0/docs/gen-ai/gen-ai-events.md',
  cases: [
    {
      says: 'reads an event per message',
      span: {
        attributes: { 'gen_ai.operation.name': 'chat' },
        events: [
          {
            name: 'gen_ai.system.message',
            time: [1_790_000_000, 0],
            attributes: { 'gen_ai.system': 'openai', content: 'Be kind.' },
          },
          { name: 'gen_ai.user.message', time: [1_790_000_000, 0], attributes: { content: 'Hi' } },
          {
            name: 'gen_ai.choice',
            time: [1_790_000_001, 0],
            attributes: { index: 0, finish_reason: 'stop', message: '{"role":"assistant","content":"Hello"}' },
          },
        ],
      },
      expected: {
        type: 'generation',
        input: [
          { role: 'system', content: 'Be kind.' },
          { role: 'user', content: 'Hi' },
        ],
        output: { role: 'assistant', index: 0, finish_reason: 'stop', content: 'Hello' },
      },
    },
    {
      says: 'reads the details event',
      span: {
        attributes: { 'gen_ai.operation.name': 'chat' },
        events: [
          {
            name: 'gen_ai.client.inference.operation.details',
            time: [1_790_000_000, 0],
            attributes: {
              'gen_ai.input.messages': '[{"role":"user","parts":[]}]',
              'gen_ai.output.messages': '[{"role":"assistant","parts":[]}]',
            },
          },
        ],
      },
      expected: { input: [{ role: 'user', parts: [] }], output: [{ role: 'assistant', parts: [] }] },
    },
    {
      says: 'collects the parts of several details events',
      recorded: { run: 'strands-agents-sdk__agent-tool-error-latest', span: 'chat' },
      expected: {
        type: 'generation',
        output: [
          {
            role: 'assistant',
            finish_reason: 'toolUse',
            parts: [
              {
                type: 'tool_call',
                name: 'get_weather',
                id: 'call_b4c96d80854dd27e76d8cc9e',
                arguments: { city: 'München' },
              },
            ],
          },
        ],
      },
    },
    {
      says: 'reads instructions, tools, model and tokens of the details event as it reads them on the span',
      span: {
        attributes: { 'gen_ai.operation.name': 'chat' },
        events: [
          {
            name: 'gen_ai.client.inference.operation.details',
            time: [1_790_000_000, 0],
            attributes: {
              'gen_ai.system_instructions': '[{"type":"text","content":"Be kind."}]',
              'gen_ai.tool.definitions': '[{"type":"function","name":"look"}]',
              'gen_ai.response.model': 'gpt-4o',
              'gen_ai.usage.input_tokens': 12,
              'gen_ai.usage.output_tokens': 3,
            },
          },
        ],
      },
      expected: {
        input: [{ role: 'system', content: 'Be kind.' }],
        tools: [{ type: 'function', name: 'look' }],
        model: 'gpt-4o',
        usage: { input: 12, output: 3, total: 15 },
      },
    },
    {
      says: 'reads the events of before 1.28',
      span: {
        attributes: { 'gen_ai.system': 'openai' },
        events: [
          { name: 'gen_ai.content.prompt', time: [1_790_000_000, 0], attributes: { 'gen_ai.prompt': 'Hi' } },
          { name: 'gen_ai.content.completion', time: [1_790_000_000, 0], attributes: { 'gen_ai.completion': 'Hello' } },
        ],
      },
      expected: { input: 'Hi', output: 'Hello' },
    },
  ],
};
