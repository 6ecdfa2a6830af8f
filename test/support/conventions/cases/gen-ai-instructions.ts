import type { ConventionCases } from '../convention-case.js';

export const genAiInstructions: ConventionCases = {
  convention: 'gen-ai-instructions',
  library: 'OpenTelemetry GenAI, system instructions',
  source: 'https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/',
  cases: [
    {
      says: 'reads instructions that are a text in quotes of its own',
      span: { attributes: { 'gen_ai.system_instructions': '"Be kind."', 'gen_ai.input.messages': '[ ]' } },
      expected: { input: [{ role: 'system', content: 'Be kind.' }] },
    },
    {
      says: 'leaves an input alone that is no conversation',
      span: { attributes: { 'gen_ai.system_instructions': 'Be kind.', input: '["a","b"]' } },
      expected: { input: ['a', 'b'] },
    },
    {
      says: 'puts the instructions in front of the messages',
      span: {
        attributes: {
          'gen_ai.system_instructions': '[{"type":"text","content":"Be kind."}]',
          'gen_ai.input.messages': '[{"role":"user","parts":[]}]',
        },
      },
      expected: {
        input: [
          { role: 'system', content: 'Be kind.' },
          { role: 'user', parts: [] },
        ],
      },
    },
    {
      says: 'shows instructions that have no messages',
      span: { attributes: { 'gen_ai.system_instructions': 'Be kind.' } },
      expected: { input: [{ role: 'system', content: 'Be kind.' }] },
    },
    {
      says: 'leaves messages alone that have a system message',
      span: {
        attributes: {
          'gen_ai.system_instructions': 'Be kind.',
          'gen_ai.input.messages': '[{"role":"system","content":"Be brief."}]',
        },
      },
      expected: { input: [{ role: 'system', content: 'Be brief.' }] },
    },
    {
      says: 'puts them in front of the messages of another convention',
      span: {
        attributes: {
          'gen_ai.system_instructions': '["Be kind.","Be brief."]',
          'pydantic_ai.all_messages': '[{"role":"user","parts":[]}]',
        },
      },
      expected: {
        input: [
          { role: 'system', content: 'Be kind.\nBe brief.' },
          { role: 'user', parts: [] },
        ],
      },
    },
  ],
};
