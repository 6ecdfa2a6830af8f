import type { ConventionCases } from '../convention-case.js';

export const langWatch: ConventionCases = {
  convention: 'langwatch',
  library: 'LangWatch',
  source: 'https://docs.langwatch.ai/integration/typescript/reference',
  cases: [
    {
      says: 'shows the contexts that were found',
      span: {
        attributes: {
          'langwatch.span.type': 'rag',
          'langwatch.contexts': '{"type":"json","value":[{"document_id":"d1","content":"ICE"}]}',
        },
      },
      expected: { type: 'retriever', output: [{ document_id: 'd1', content: 'ICE' }] },
    },
    {
      says: 'opens the envelopes of content and metrics',
      span: {
        attributes: {
          'langwatch.span.type': 'llm',
          'gen_ai.request.model': 'gpt-4o',
          'langwatch.input': '{"type":"chat_messages","value":[{"role":"user","content":"Hi"}]}',
          'langwatch.output': '{"type":"text","value":"Hello"}',
          'langwatch.metrics': '{"type":"json","value":{"promptTokens":5,"completionTokens":2,"cost":0.25}}',
          'langwatch.user.id': 'u1',
          'langwatch.thread.id': 's1',
          'langwatch.tags': ['prod'],
        },
      },
      expected: {
        type: 'generation',
        model: 'gpt-4o',
        input: [{ role: 'user', content: 'Hi' }],
        output: 'Hello',
        usage: { input: 5, output: 2, total: 7 },
        cost: { total: 0.25 },
        user: 'u1',
        session: 's1',
        tags: ['prod'],
      },
    },
    {
      says: 'knows retrieval',
      span: { attributes: { 'langwatch.span.type': 'rag', 'langwatch.output': 'as it is' } },
      expected: { type: 'retriever', output: 'as it is' },
    },
  ],
};
