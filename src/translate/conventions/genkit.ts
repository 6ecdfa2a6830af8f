import type { SpanData } from '../../span.js';
import { firstText, isObject, objectOf, type PlainObject, parsed, textOf } from '../attributes.js';
import type { Convention, Draft } from '../draft.js';
import { type KeyTable, keyTest, readTable } from '../key-table.js';

const TABLE: KeyTable = {
  name: 'genkit',
  owns: ['genkit:'],
  type: {
    keys: ['genkit:metadata:subtype', 'genkit:type'],
    kinds: {
      model: 'generation',
      'background-model': 'generation',
      embedder: 'embedding',
      retriever: 'retriever',
      reranker: 'retriever',
      tool: 'tool',
      'tool.v2': 'tool',
      evaluator: 'evaluator',
      agent: 'agent',
      flow: 'chain',
    },
  },
  session: ['genkit:sessionId'],
};

/**
 * Firebase Genkit. Everything of a call is in two texts, `genkit:input` and `genkit:output`; read by key, because
 * an application may export its spans through a tracer of another name. https://genkit.dev/docs/observability/
 */
export const genkit: Convention = {
  name: TABLE.name,
  owns: keyTest(TABLE.owns),
  read(span, draft) {
    readTable(TABLE, span, draft);
    draft.name ??= textOf(span.attributes['genkit:name']);
    if (span.attributes['genkit:state'] === 'error') draft.level ??= 'ERROR';
    const request = contentIn(span, 'genkit:input', draft);
    const answer = contentIn(span, 'genkit:output', draft);
    draft.input ??= isObject(request) ? (request['messages'] ?? request) : request;
    draft.output ??= isObject(answer) ? (answer['message'] ?? answer) : answer;
    if (draft.type !== 'generation' && draft.type !== 'embedding') {
      draft.isWrapper = true;
      return;
    }
    draft.model ??= modelIn(span);
    if (isObject(request)) readRequest(request, draft);
  },
};

/** JSON text; a text that was cut stays text. */
function contentIn({ attributes }: SpanData, key: string, draft: Draft): unknown {
  const value = attributes[key];
  if (value === undefined || value === null || value === '') return undefined;
  draft.used.add(key);
  return parsed(value) ?? value;
}

/** `openai/gpt-4o` is a plugin and its model: prices are known for the model. */
function modelIn({ attributes }: SpanData): string | undefined {
  const name = firstText(attributes, 'genkit:name');
  return name?.slice(name.indexOf('/') + 1);
}

function readRequest({ config, tools }: PlainObject, draft: Draft): void {
  for (const [name, value] of Object.entries(objectOf(config) ?? {})) draft.parameters[name] ??= value;
  if (Array.isArray(tools) && tools.length > 0) draft.tools ??= tools;
}
