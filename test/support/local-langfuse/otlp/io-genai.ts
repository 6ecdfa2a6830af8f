import { isObject } from '../store/field-rules.js';
import { type Attributes, fieldOf, parsedJson } from './values.js';

export interface Io {
  readonly input?: unknown;
  readonly output?: unknown;
}

/** Found as soon as one half is; the other half then stays empty, whatever later sources have (facts §9.2). */
export function pair(input: unknown, output: unknown): Io | undefined {
  return input || output ? { input, output } : undefined;
}

/** The attributes of the GenAI semantic conventions (facts §9.3). */
export function genAiIo(attributes: Attributes): Io | undefined {
  const messages = attributes['gen_ai.input.messages'];
  const instructions = attributes['gen_ai.system_instructions'];
  const input = messages && instructions ? withInstructions(messages, instructions) : messages;
  return (
    pair(input, attributes['gen_ai.output.messages']) ??
    pair(attributes['gen_ai.tool.call.arguments'], attributes['gen_ai.tool.call.result'])
  );
}

/** The instructions as the first message, unless there is a system message already. */
export function withInstructions(messages: unknown, instructions: unknown): unknown {
  const list = typeof messages === 'string' ? parsedJson(messages) : messages;
  if (!Array.isArray(list) || list.some((message) => fieldOf(message, 'role') === 'system')) return messages;
  const all: unknown[] = [{ role: 'system', content: instructionText(instructions) }, ...list];
  return typeof messages === 'string' ? JSON.stringify(all) : all;
}

function instructionText(instructions: unknown): string {
  const parsed = typeof instructions === 'string' ? parsedJson(instructions) : instructions;
  if (parsed === undefined) return String(instructions);
  if (!Array.isArray(parsed)) return String(parsed);
  return parsed.map((part) => String((isObject(part) && part['content']) || part)).join('\n');
}
