import type { ConventionCases } from '../convention-case.js';

export const laminar: ConventionCases = {
  convention: 'laminar',
  library: 'Laminar',
  source: 'https://docs.lmnr.ai/tracing/structure/observe',
  cases: [
    {
      says: 'reads what `observe` writes',
      span: {
        name: 'plan',
        scope: { name: 'lmnr.tracer' },
        attributes: {
          'lmnr.span.type': 'TOOL',
          'lmnr.span.input': '["Munich"]',
          'lmnr.span.output': '{"t":3}',
          'lmnr.association.properties.user_id': 'u1',
          'lmnr.association.properties.session_id': 's1',
          'lmnr.association.properties.tags': ['prod'],
          'lmnr.association.properties.metadata.tenant': 'acme',
        },
      },
      expected: {
        type: 'tool',
        name: 'plan',
        input: ['Munich'],
        output: { t: 3 },
        user: 'u1',
        session: 's1',
        tags: ['prod'],
        metadata: { tenant: 'acme' },
      },
    },
    {
      says: 'reads a model call by its attributes of OpenLLMetry',
      span: {
        attributes: {
          'lmnr.span.type': 'LLM',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.prompt.0.role': 'user',
          'gen_ai.prompt.0.content': 'Hi',
          'gen_ai.usage.input_tokens': 5,
          'gen_ai.usage.output_tokens': 2,
        },
      },
      expected: {
        type: 'generation',
        model: 'gpt-4o',
        input: [{ role: 'user', content: 'Hi' }],
        usage: { input: 5, output: 2, total: 7 },
      },
    },
  ],
};
