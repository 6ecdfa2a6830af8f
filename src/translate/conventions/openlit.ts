import type { Convention } from '../draft.js';
import { type KeyTable, keyTest, readTable } from '../key-table.js';

const TABLE: KeyTable = {
  name: 'openlit',
  owns: ['openlit.', 'gen_ai.hub.', 'gen_ai.sdk.', 'gen_ai.endpoint'],
  type: {
    keys: ['gen_ai.operation.name', 'gen_ai.type'],
    kinds: {
      embedding: 'embedding',
      image: 'generation',
      audio: 'generation',
      vectordb: 'retriever',
      retrieve: 'retriever',
      framework: 'chain',
      workflow_task: 'chain',
      graph_execution: 'chain',
      agent: 'agent',
    },
  },
  firstTokenSeconds: ['gen_ai.server.time_to_first_token', 'gen_ai.server.ttft'],
};

/** OpenLIT: GenAI conventions with operations and costs of its own. https://docs.openlit.io */
export const openLit: Convention = {
  name: TABLE.name,
  owns: keyTest(TABLE.owns),
  isScope: (name) => name.startsWith('@openlit/') || name.startsWith('openlit'),
  read: (span, draft) => readTable(TABLE, span, draft),
};
