import type { ConventionCases } from '../convention-case.js';

export const vectorDb: ConventionCases = {
  convention: 'vector-db',
  library: 'Vector databases (OpenLLMetry)',
  source: 'https://www.traceloop.com/docs/openllmetry/contributing/semantic-conventions',
  cases: [
    {
      says: 'reads a query and its results',
      span: {
        attributes: {
          'db.system': 'qdrant',
          'db.vector.query.top_k': 2,
          'db.vector.query.result.0.id': 'd1',
          'db.vector.query.result.0.score': 0.9,
          'db.vector.query.result.0.metadata': '{"page":3}',
        },
      },
      expected: { type: 'retriever', input: { top_k: 2 }, output: [{ id: 'd1', score: 0.9, metadata: { page: 3 } }] },
    },
    {
      says: 'reads results from events',
      span: {
        attributes: { 'db.vector.query.top_k': 1 },
        events: [{ name: 'pinecone.query.result.0', time: [1_790_000_000, 0], attributes: { id: 'd1' } }],
      },
      expected: { output: [{ id: 'd1' }] },
    },
  ],
};
