import { isObject, isPresent, parsed } from './attributes.js';

/**
 * The input with the tool definitions in it, where Langfuse shows them: the same forms the server makes of a tool
 * attribute (4.16).
 */
export function withTools(input: unknown, tools: readonly unknown[]): unknown {
  const content = typeof input === 'string' ? (parsed(input) ?? input) : input;
  if (Array.isArray(content)) return { messages: content, tools };
  if (isObject(content)) return isPresent(content['tools']) ? input : { ...content, tools };
  return content === undefined ? { tools } : { prompt: content, tools };
}
