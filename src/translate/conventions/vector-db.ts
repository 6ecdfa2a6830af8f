import type { SpanData } from '../../span.js';
import type { Convention, Draft } from '../draft.js';
import { unflatten } from '../unflatten.js';

const QUERY = 'db.vector.query.';
const RESULT = `${QUERY}result.`;

/** Vector databases as OpenLLMetry writes them: a query flattened into attributes, its results there or in events. */
export const vectorDb: Convention = {
  name: 'vector-db',
  owns: (key) => key.startsWith('db.vector.'),
  read(span, draft) {
    const query = queryIn(span, draft);
    if (query !== undefined) draft.type ??= 'retriever';
    draft.input ??= query;
    draft.output ??= unflatten(span.attributes, RESULT, (key) => draft.used.add(key)) ?? resultsIn(span, draft);
  },
};

function queryIn({ attributes }: SpanData, draft: Draft): object | undefined {
  const query: [string, unknown][] = [];
  for (const key in attributes) {
    if (!key.startsWith(QUERY) || key.startsWith(RESULT)) continue;
    query.push([key.slice(QUERY.length), attributes[key]]);
    draft.used.add(key);
  }
  return query.length === 0 ? undefined : Object.fromEntries(query);
}

const RESULT_EVENT = /^(db\.query\.result|pinecone\.query\.result(\.\d+)?)$/;

function resultsIn({ events }: SpanData, draft: Draft): readonly unknown[] | undefined {
  const results: unknown[] = [];
  events.forEach(({ name, attributes }, position) => {
    if (!RESULT_EVENT.test(name)) return;
    results.push(attributes);
    draft.usedEvents.add(position);
  });
  return results.length === 0 ? undefined : results;
}
