import type { ObservationType } from '../../model.js';
import { textOf, textsOf } from '../attributes.js';
import { type Convention, takeInput, takeOutput } from '../draft.js';

const PROPERTIES = 'traceloop.association.properties.';

/** OpenLLMetry (Traceloop): its SDK's entities and association properties; its model calls follow GenAI conventions. */
export const openLlmetry: Convention = {
  name: 'openllmetry',
  owns: (key) => key.startsWith('traceloop.'),
  read(span, draft) {
    const { attributes } = span;
    const kind = textOf(attributes['traceloop.span.kind']);
    draft.type ??= kind === undefined ? undefined : KINDS[kind];
    takeInput(span, draft, 'traceloop.entity.input');
    takeOutput(span, draft, 'traceloop.entity.output');
    draft.version ??= textOf(attributes['traceloop.entity.version']);
    for (const key in attributes) {
      if (!key.startsWith(PROPERTIES)) continue;
      const name = key.slice(PROPERTIES.length);
      if (USER.has(name)) draft.userId ??= textOf(attributes[key]);
      else if (SESSION.has(name)) draft.sessionId ??= textOf(attributes[key]);
      else if (name === 'tags') draft.tags.push(...(textsOf(attributes[key]) ?? []));
      else draft.metadata[name] ??= attributes[key];
    }
  },
  translates: isAssociationProperty,
};

const USER: ReadonlySet<string> = new Set(['user_id', 'userId']);
const SESSION: ReadonlySet<string> = new Set(['session_id', 'sessionId']);

const KINDS: Readonly<{ [kind: string]: ObservationType | undefined }> = Object.assign(Object.create(null), {
  workflow: 'chain',
  task: 'chain',
  agent: 'agent',
  tool: 'tool',
});

/** Attributes that have become user, session or metadata. */
function isAssociationProperty(key: string): boolean {
  return key.startsWith(PROPERTIES);
}
