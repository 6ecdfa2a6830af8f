import { isPresent } from '../attributes.js';
import type { Convention } from '../draft.js';

/**
 * TanStack AI: GenAI conventions, and Langfuse's own keys for content; the span around the iterations repeats the sum
 * of their tokens. https://tanstack.com/ai/latest/docs/advanced/otel
 */
export const tanStack: Convention = {
  name: 'tanstack',
  owns: (key) => key.startsWith('tanstack.ai.'),
  read({ attributes }, draft) {
    if (isPresent(attributes['tanstack.ai.iterations'])) draft.isWrapper = true;
    if (attributes['tanstack.ai.tool.outcome'] === 'error') draft.level ??= 'ERROR';
  },
};
