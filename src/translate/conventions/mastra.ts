import { textOf } from '../attributes.js';
import { type Convention, takeInput, takeOutput } from '../draft.js';
import { type KeyTable, keyTest, metadataTest, readTable } from '../key-table.js';

const TABLE: KeyTable = {
  name: 'mastra',
  owns: ['mastra.'],
  type: {
    keys: ['mastra.span.type'],
    kinds: {
      agent_run: 'agent',
      workflow_run: 'chain',
      workflow_step: 'chain',
      workflow_conditional: 'chain',
      workflow_parallel: 'chain',
      workflow_loop: 'chain',
      tool_call: 'tool',
      client_tool_call: 'tool',
      provider_tool_call: 'tool',
      mcp_tool_call: 'tool',
      model_inference: 'generation',
      rag_embedding: 'embedding',
      rag_vector_operation: 'retriever',
      scorer_run: 'evaluator',
    },
  },
  user: ['mastra.metadata.userId'],
  session: ['mastra.metadata.sessionId', 'mastra.metadata.threadId'],
  tags: ['mastra.tags'],
  metadata: ['mastra.metadata.'],
  firstTokenAt: ['mastra.completion_start_time'],
};

/**
 * Mastra, through its OpenTelemetry exporter or its bridge: GenAI conventions, but for the content of agents, workflows
 * and steps, which is under the type of the span. https://mastra.ai/docs/observability/overview
 */
export const mastra: Convention = {
  name: TABLE.name,
  owns: keyTest(TABLE.owns),
  read(span, draft) {
    readTable(TABLE, span, draft);
    const kind = textOf(span.attributes['mastra.span.type']) ?? '';
    if (span.attributes[`mastra.${kind}.status`] === 'failed') draft.level ??= 'ERROR';
    takeInput(span, draft, `mastra.${kind}.input`);
    // Of a model call the conventions have the answer as messages.
    if (span.attributes['gen_ai.output.messages'] === undefined) takeOutput(span, draft, `mastra.${kind}.output`);
  },
  translates: metadataTest(TABLE),
};
