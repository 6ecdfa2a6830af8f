import { LANGFUSE } from '../../attribute-keys.js';
import { toWellText } from '../../wire-rules.js';
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
  const system = { role: 'system', content: contentOf(instructions) };
  if (input === undefined) return [system];
  if (typeof input === 'string' && !input.includes('"system"') && typeof system.content === 'string')
    return inText(input, system.content);
  const messages = parsed(input);
  if (!Array.isArray(messages) || !messages.every(isObject)) return input;
  return messages.some(isSystem) ? input : [system, ...messages];
}

const LIST_OF_OBJECTS = /^\s*\[\s*(?=[{\]])/;

/** A conversation may be long, and is not taken apart for a message in front of it. */
function inText(messages: string, content: string): string {
  const start = LIST_OF_OBJECTS.exec(messages)?.[0];
  if (start === undefined) return messages;
  const system = `{"role":"system","content":${JSON.stringify(toWellText(content))}}`;
  const rest = messages.slice(start.length);
  return rest.startsWith(']') ? `[${system}${rest}` : `[${system},${rest}`;
}

function isSystem(message: unknown): boolean {
  return isObject(message) && message['role'] === 'system';
}

/** Instructions are a list of parts; their text is what a reader wants to see. */
function contentOf(instructions: unknown): unknown {
  const parts = parsed(instructions) ?? instructions;
  if (!Array.isArray(parts))
    return typeof parts === 'string' || typeof instructions !== 'string' ? parts : instructions;
  const texts = parts.map((part) => (isObject(part) ? textOf(part['content']) : textOf(part)));
  return texts.every((text) => text !== undefined) ? texts.join('\n') : parts;
}
