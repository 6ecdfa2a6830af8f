import type { Convention } from '../draft.js';
import { conventionOf } from '../key-table.js';

/** smolagents, which only Python emits, through OpenInference; its settings and task are its own. */
export const smolagents: Convention = conventionOf({
  name: 'smolagents',
  owns: ['smolagents.'],
  input: ['smolagents.task'],
  metadata: ['smolagents.'],
});
