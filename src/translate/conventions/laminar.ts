import type { Convention } from '../draft.js';
import { conventionOf } from '../key-table.js';

const PROPERTIES = 'lmnr.association.properties.';

/** Laminar: spans of `observe`; its model calls are OpenLLMetry's. https://docs.lmnr.ai/tracing/structure */
export const laminar: Convention = conventionOf({
  name: 'laminar',
  owns: ['lmnr.'],
  type: {
    keys: ['lmnr.span.type'],
    kinds: {
      llm: 'generation',
      cached: 'generation',
      tool: 'tool',
      evaluator: 'evaluator',
      human_evaluator: 'evaluator',
      evaluation: 'chain',
      executor: 'chain',
      pipeline: 'chain',
    },
  },
  input: ['lmnr.span.input'],
  output: ['lmnr.span.output'],
  user: [`${PROPERTIES}user_id`],
  session: [`${PROPERTIES}session_id`],
  tags: [`${PROPERTIES}tags`],
  metadata: [`${PROPERTIES}metadata.`],
});
