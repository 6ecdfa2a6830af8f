import type { ObservationType } from '../../model.js';
import type { Attributes } from '../../span.js';
import { isObject, isPresent, textOf } from '../attributes.js';
import type { Convention, Draft } from '../draft.js';
import { unflatten } from '../unflatten.js';

const PROMPT = 'gen_ai.prompt';
const COMPLETION = 'gen_ai.completion';

/**
 * Prompts before they became messages: `gen_ai.prompt` and `gen_ai.completion` as one text (semantic conventions 1.26,
 * LangSmith, OpenLIT), or flattened, `gen_ai.prompt.0.content` (OpenLLMetry up to 0.22, and Python's).
 */
export const genAiLegacy: Convention = {
  name: 'gen-ai-legacy',
  owns: (key) => key.startsWith(PROMPT) || key.startsWith(COMPLETION) || key.startsWith('llm.request.'),
  read({ attributes }, draft) {
    draft.input ??= contentOf(attributes, PROMPT, draft);
    draft.output ??= contentOf(attributes, COMPLETION, draft);
    readFunctions(attributes, draft);
    draft.type ??= TYPES.get(textOf(attributes['llm.request.type']) ?? '');
  },
};

const TYPES: ReadonlyMap<string, ObservationType> = new Map([
  ['embedding', 'embedding'],
  ['rerank', 'retriever'],
]);

function contentOf(attributes: Attributes, prefix: string, draft: Draft): unknown {
  const whole = attributes[prefix];
  if (isPresent(whole)) {
    draft.used.add(prefix);
    return whole;
  }
  return unflatten(attributes, `${prefix}.`, (key) => draft.used.add(key))?.map(withRole);
}

/** OpenLLMetry's Cohere names the role by the key, perhaps once more: `gen_ai.prompt.0.user`. */
function withRole(message: unknown): unknown {
  if (!isObject(message) || 'content' in message) return message;
  const { user, ...rest } = message;
  return typeof user === 'string' ? { role: 'user', content: user, ...rest } : message;
}

/** OpenLLMetry 0.22: `llm.request.functions.0.name`, `.description`, `.parameters`. */
function readFunctions(attributes: Attributes, draft: Draft): void {
  if (draft.tools !== undefined) return;
  const functions = unflatten(attributes, 'llm.request.functions.', (key) => draft.used.add(key));
  if (functions) draft.tools = functions.filter(isPresent).map(withParameters);
}

/** The schema of a function is called its arguments; everywhere else they are its parameters. */
function withParameters(definition: unknown): unknown {
  if (!isObject(definition) || 'parameters' in definition) return definition;
  const { arguments: parameters, ...rest } = definition;
  return parameters === undefined ? definition : { ...rest, parameters };
}
