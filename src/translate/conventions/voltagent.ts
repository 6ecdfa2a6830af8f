import type { ObservationType } from '../../model.js';
import { textOf } from '../attributes.js';
import type { Convention } from '../draft.js';
import { type KeyTable, keyTest, readTable } from '../key-table.js';

const TABLE: KeyTable = {
  name: 'voltagent',
  owns: ['voltagent.', 'entity.type', 'span.type', 'llm.messages', 'llm.operation'],
  input: ['llm.messages'],
  model: ['llm.model', 'ai.model.name'],
  parameters: {
    temperature: 'llm.temperature',
    max_tokens: 'llm.max_output_tokens',
    top_p: 'llm.top_p',
    maxRetries: 'llm.max_retries',
    stream: 'llm.stream',
  },
  session: ['conversation.id', 'voltagent.conversation_id', 'conversationId'],
  user: ['userId'],
};

/** VoltAgent: general words, told by the kinds of its spans and entities. https://voltagent.dev/observability-docs/ */
export const voltAgent: Convention = {
  name: TABLE.name,
  owns: keyTest(TABLE.owns),
  read(span, draft) {
    const { attributes } = span;
    const kind = textOf(attributes['span.type']);
    // Every span names the entity it belongs to; the entity's own has no kind.
    draft.type ??= KINDS.get(kind ?? textOf(attributes['entity.type']) ?? '');
    readTable(TABLE, span, draft);
    if (draft.type === 'agent' || draft.type === 'chain') draft.isWrapper = true;
  },
};

const KINDS: ReadonlyMap<string, ObservationType> = new Map([
  ['agent', 'agent'],
  ['subagent', 'agent'],
  ['llm', 'generation'],
  ['tool', 'tool'],
  ['retriever', 'retriever'],
  ['embedding', 'embedding'],
  ['guardrail', 'guardrail'],
  ['scorer', 'evaluator'],
  ['workflow', 'chain'],
  ['workflow-step', 'chain'],
]);
