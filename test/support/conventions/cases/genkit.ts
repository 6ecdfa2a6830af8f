import type { ConventionCases } from '../convention-case.js';

export const genkit: ConventionCases = {
  convention: 'genkit',
  library: 'Genkit',
  source: 'https://genkit.dev/docs/observability/telemetry-collection/',
  cases: [
    {
      says: 'shows what failed',
      span: { attributes: { 'genkit:metadata:subtype': 'tool', 'genkit:state': 'error' } },
      expected: { type: 'tool', level: 'ERROR' },
    },
    {
      says: 'reads a model call out of its two texts',
      span: {
        name: 'gpt-4o',
        scope: { name: 'genkit-tracer' },
        attributes: {
          'genkit:type': 'action',
          'genkit:metadata:subtype': 'model',
          'genkit:name': 'openai/gpt-4o',
          'genkit:sessionId': 's1',
          'genkit:input':
            '{"messages":[{"role":"user","content":[{"text":"Hi"}]}],"config":{"temperature":0.2},"tools":[{"name":"f","inputSchema":{}}]}',
          'genkit:output':
            '{"message":{"role":"model","content":[{"text":"Hello"}]},"usage":{"inputTokens":812,"outputTokens":210,"totalTokens":1150,"cachedContentTokens":512,"thoughtsTokens":128}}',
        },
      },
      expected: {
        type: 'generation',
        name: 'openai/gpt-4o',
        model: 'gpt-4o',
        session: 's1',
        input: [{ role: 'user', content: [{ text: 'Hi' }] }],
        tools: [{ name: 'f', inputSchema: {} }],
        output: { role: 'model', content: [{ text: 'Hello' }] },
        parameters: { temperature: 0.2 },
        usage: { input: 300, input_cached_tokens: 512, output: 210, output_reasoning_tokens: 128, total: 1150 },
      },
    },
    {
      says: 'knows a flow, whose input may be a text',
      span: {
        attributes: {
          'genkit:type': 'flow',
          'genkit:metadata:subtype': 'flow',
          'genkit:name': 'menu',
          'genkit:input': '"spicy"',
        },
      },
      expected: { type: 'chain', name: 'menu', input: 'spicy' },
    },
    {
      says: 'knows a tool',
      span: {
        attributes: {
          'genkit:metadata:subtype': 'tool',
          'genkit:name': 'get_weather',
          'genkit:input': '{"city":"Munich"}',
          'genkit:output': '{"t":3}',
        },
      },
      expected: { type: 'tool', name: 'get_weather', input: { city: 'Munich' }, output: { t: 3 } },
    },
    {
      says: 'reads a recorded call with an image',
      recorded: { run: 'genkit__generate-multimodal', span: 'mock/echo' },
      expected: { type: 'generation', model: 'echo' },
    },
    {
      says: 'keeps a text that was cut as a text',
      span: { attributes: { 'genkit:metadata:subtype': 'tool', 'genkit:input': '{"city":"Mun' } },
      expected: { input: '{"city":"Mun' },
    },
  ],
};
