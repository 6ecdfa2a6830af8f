import type { ConventionCases } from '../convention-case.js';

export const generic: ConventionCases = {
  convention: 'generic',
  library: 'Words that belong to nobody (Pipecat and others)',
  source: 'https://docs.pipecat.ai/server/utilities/opentelemetry',
  cases: [
    {
      says: 'reads the user by the word before user.id',
      span: { attributes: { 'enduser.id': 'u1' } },
      expected: { user: 'u1' },
    },
    {
      says: 'reads input and output',
      span: { attributes: { input: 'Hi', output: 'Hello', 'gen_ai.request.model': 'gpt-4o' } },
      expected: { type: 'generation', input: 'Hi', output: 'Hello' },
    },
    {
      says: 'reads the model and its parameters',
      span: { attributes: { model: 'gpt-4o', model_config: '{"temperature":0.5}' } },
      expected: { type: 'generation', model: 'gpt-4o', parameters: { temperature: 0.5 } },
    },
    {
      says: 'reads a tool’s',
      span: { attributes: { 'gen_ai.tool.name': 'f', tool_arguments: '{"a":1}', tool_response: 'two' } },
      expected: { type: 'tool', name: 'f', input: { a: 1 }, output: 'two' },
    },
    {
      says: 'hides nothing that is better known',
      span: { attributes: { input: 'raw', 'gen_ai.input.messages': '[{"role":"user","parts":[]}]' } },
      expected: { input: [{ role: 'user', parts: [] }] },
    },
  ],
};
