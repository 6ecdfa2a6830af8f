import type { SpanData } from '../../span.js';
import { isPresent, objectOf, parsed } from '../attributes.js';
import type { Convention, Draft } from '../draft.js';
import { type KeyTable, keyTest, readTable } from '../key-table.js';

const TABLE: KeyTable = {
  name: 'langwatch',
  owns: ['langwatch.'],
  type: {
    keys: ['langwatch.span.type'],
    kinds: {
      llm: 'generation',
      tool: 'tool',
      agent: 'agent',
      chain: 'chain',
      workflow: 'chain',
      task: 'chain',
      rag: 'retriever',
      guardrail: 'guardrail',
      evaluation: 'evaluator',
    },
  },
  user: ['langwatch.user.id', 'langwatch.customer.id'],
  session: ['langwatch.thread.id'],
  tags: ['langwatch.tags', 'langwatch.labels'],
};

/** LangWatch. Content is in an envelope that says its kind. https://docs.langwatch.ai/integration/typescript/guide */
export const langWatch: Convention = {
  name: TABLE.name,
  owns: keyTest(TABLE.owns),
  read(span, draft) {
    readTable(TABLE, span, draft);
    draft.input ??= contentIn(span, 'langwatch.input', draft);
    draft.output ??= contentIn(span, 'langwatch.output', draft) ?? contentIn(span, 'langwatch.contexts', draft);
  },
};

/** `{"type": "json", "value": …}`: what matters is the value. */
function opened(envelope: unknown): unknown {
  const { type, value } = objectOf(envelope) ?? {};
  return typeof type === 'string' && value !== undefined ? value : (parsed(envelope) ?? envelope);
}

function contentIn({ attributes }: SpanData, key: string, draft: Draft): unknown {
  if (!isPresent(attributes[key])) return undefined;
  draft.used.add(key);
  return opened(attributes[key]);
}
