import type { ObservationType } from '../../model.js';

import type { Attributes } from '../../span.js';
import { firstText, objectOf, textOf, textsOf } from '../attributes.js';

import { type Convention, type Draft, takeInput, takeOutput } from '../draft.js';
import { unflatten } from '../unflatten.js';
import { inner, readMessages } from './openinference-messages.js';

const PREFIXES = [
  'openinference.',
  'llm.',
  'input.',
  'output.',
  'embedding.',
  'retrieval.',
  'reranker.',
  'tool.',
  'tag.',
] as const;

/** OpenInference (Arize). https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md */
export const openInference: Convention = {
  name: 'openinference',
  owns: (key) => PREFIXES.some((prefix) => key.startsWith(prefix)) || key === 'metadata',
  read(span, draft) {
    const { attributes } = span;
    const kind = textOf(attributes['openinference.span.kind']);
    draft.type ??= kind === undefined ? undefined : KINDS[kind];
    readMessages(span, draft);
    readDocuments(attributes, draft);
    readEmbeddings(attributes, draft);
    takeInput(span, draft, 'input.value');
    takeOutput(span, draft, 'output.value');
    if (kind === 'TOOL') {
      draft.name ??= textOf(attributes['tool.name']);
      takeInput(span, draft, 'tool.parameters');
    }
    draft.model ??= firstText(attributes, ...MODELS);
    readParameters(attributes, draft);
    draft.tags.push(...(textsOf(attributes['tag.tags']) ?? []));
    if (kind !== undefined)
      for (const [key, value] of Object.entries(objectOf(attributes['metadata']) ?? {})) draft.metadata[key] ??= value;
  },
};

const KINDS: Readonly<{ [kind: string]: ObservationType | undefined }> = Object.assign(Object.create(null), {
  LLM: 'generation',
  CHAIN: 'chain',
  AGENT: 'agent',
  TOOL: 'tool',
  RETRIEVER: 'retriever',
  RERANKER: 'retriever',
  EMBEDDING: 'embedding',
  GUARDRAIL: 'guardrail',
  EVALUATOR: 'evaluator',
});

const MODELS = [
  'llm.response.model_name',
  'llm.model_name',
  'llm.request.model_name',
  'llm.response.model',
  'embedding.model_name',
  'reranker.model_name',
] as const;

function readDocuments(attributes: Attributes, draft: Draft): void {
  for (const prefix of ['retrieval.documents.', 'reranker.output_documents.']) {
    const documents = unflatten(attributes, prefix, (key) => draft.used.add(key));
    if (documents) draft.output ??= documents.map((item) => inner(item, 'document'));
  }
  const candidates = unflatten(attributes, 'reranker.input_documents.', (key) => draft.used.add(key));
  if (!candidates) return;
  draft.input ??= { query: attributes['reranker.query'], documents: candidates.map((item) => inner(item, 'document')) };
}

/** The texts are the input. The vectors help nobody who reads; they stay in the metadata. */
function readEmbeddings(attributes: Attributes, draft: Draft): void {
  if (draft.input !== undefined) return;
  const texts: unknown[] = [];
  for (let n = 0; n < 10_000; n++) {
    const key = `embedding.embeddings.${n}.embedding.text`;
    if (!(key in attributes)) break;
    texts.push(attributes[key]);
    draft.used.add(key);
  }
  if (texts.length > 0) draft.input = texts;
}

/** Flattened, where the request is no JSON text. */
const PARAMETERS = 'llm.invocation_parameters.';

function readParameters(attributes: Attributes, draft: Draft): void {
  const {
    model: _,
    messages: __,
    input: ___,
    tools: ____,
    ...parameters
  } = objectOf(attributes['llm.invocation_parameters']) ?? {};
  for (const key in parameters) draft.parameters[key] ??= parameters[key];
  for (const key in attributes)
    if (key.startsWith(PARAMETERS)) draft.parameters[key.slice(PARAMETERS.length)] ??= attributes[key];
}
