import type { Convention } from '../draft.js';
import { conventionOf, type KeyTable } from '../key-table.js';

const TABLE: KeyTable = {
  name: 'semantic-kernel',
  owns: ['gen_ai.response.prompt_tokens', 'gen_ai.response.completion_tokens', 'semantic_kernel.', 'sk.'],
  type: {
    keys: ['gen_ai.operation.name'],
    kinds: { 'chat.completions': 'generation', 'text.completions': 'generation' },
  },
};

/** Semantic Kernel, which only .NET and Python emit: GenAI conventions, before 1.28 with names of its own. */
export const semanticKernel: Convention = { ...conventionOf(TABLE), isScope: isOfSemanticKernel };

function isOfSemanticKernel(scope: string): boolean {
  return scope.startsWith('Microsoft.SemanticKernel') || scope.startsWith('semantic_kernel');
}
