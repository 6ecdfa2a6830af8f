import { LANGFUSE } from '../../attribute-keys.js';
import { isObject, isPresent, parsed, textOf } from '../attributes.js';
import type { Convention } from '../draft.js';

const INSTRUCTIONS = 'gen_ai.system_instructions';

/**
 * System instructions that a span has apart from its messages. Last of all, because the messages may be anybody's; what
 * was stated outright for Langfuse is complete.
 */
export const genAiInstructions: Convention = {
  name: 'gen-ai-instructions',
  owns: (key) => key === INSTRUCTIONS,
  read({ attributes }, draft) {
    if (!isPresent(attributes[INSTRUCTIONS]) || isPresent(attributes[LANGFUSE.input])) return;
    const input = withSystem(draft.input, attributes[INSTRUCTIONS]);
    if (input === draft.input) return;
    draft.input = input;
    draft.used.add(INSTRUCTIONS);
  },
};

/** The system message in front, unless the messages have one, or are none. */
function withSystem(input: unknown, instructions: unknown): unknown {
  if (input === undefined) return [systemMessage(instructions)];
  if (typeof input === 'string' && !input.trimStart().startsWith('[')) return input;
  const messages = parsed(input);
  if (!Array.isArray(messages) || !messages.every(isObject)) return input;
  return messages.some((message) => message['role'] === 'system') ? input : [systemMessage(instructions), ...messages];
}

/** Instructions are a list of parts; their text is what a reader wants to see. */
function systemMessage(instructions: unknown): object {
  const parts = parsed(instructions) ?? instructions;
  if (!Array.isArray(parts)) return { role: 'system', content: typeof parts === 'string' ? parts : instructions };
  const texts = parts.map((part) => (isObject(part) ? textOf(part['content']) : textOf(part)));
  return { role: 'system', content: texts.every((text) => text !== undefined) ? texts.join('\n') : parts };
}
