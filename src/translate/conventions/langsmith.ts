import { objectOf } from '../attributes.js';
import type { Convention } from '../draft.js';
import { type KeyTable, keyTest, metadataTest, readTable } from '../key-table.js';

const TABLE: KeyTable = {
  name: 'langsmith',
  owns: ['langsmith.'],
  type: {
    keys: ['langsmith.span.kind'],
    kinds: {
      llm: 'generation',
      chain: 'chain',
      tool: 'tool',
      retriever: 'retriever',
      embedding: 'embedding',
      agent: 'agent',
    },
  },
  user: ['langsmith.metadata.user_id', 'langsmith.metadata.userId'],
  session: [
    'langsmith.metadata.session_id',
    'langsmith.metadata.thread_id',
    'langsmith.metadata.conversation_id',
    'langsmith.metadata.sessionId',
  ],
  tags: ['langsmith.span.tags'],
  metadata: ['langsmith.metadata.'],
};

/**
 * LangSmith's OpenTelemetry mode: prompt and answer whole in `gen_ai.prompt` and `gen_ai.completion`, all else here.
 * https://docs.smith.langchain.com/observability/how_to_guides/trace_with_opentelemetry
 */
export const langSmith: Convention = {
  name: TABLE.name,
  owns: keyTest(TABLE.owns),
  read(span, draft) {
    readTable(TABLE, span, draft);
    const { attributes } = span;
    // It ends a run that threw with the status of one that did not.
    if (span.events.some(({ name }) => name === 'exception')) draft.level ??= 'ERROR';
    const parameters = objectOf(attributes['langsmith.metadata.ls_invocation_params']) ?? {};
    for (const name in parameters) draft.parameters[name] ??= parameters[name];
  },
  translates: metadataTest(TABLE),
};
