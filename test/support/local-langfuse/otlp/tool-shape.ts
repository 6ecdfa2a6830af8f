import type { JsonObject } from '../model.js';
import { isObject } from '../store/field-rules.js';
import { fieldOf, parsedOrRaw } from './values.js';

/** A list, or JSON text of one, whose every entry is a tool; `undefined` for anything else. */
export function toolsOf(value: unknown, isTool: (tool: JsonObject) => boolean = isNamed): JsonObject[] | undefined {
  const list = parsedOrRaw(value);
  if (!Array.isArray(list)) return undefined;
  const tools = list.map(parsedOrRaw).filter((tool): tool is JsonObject => isObject(tool) && isTool(tool));
  return tools.length === list.length ? tools : undefined;
}

/** The AI SDK also lists tools the provider runs itself, which have a type and no name. */
export function isNamedOrTyped(tool: JsonObject): boolean {
  return isNamed(tool) || typeof tool['type'] === 'string';
}

export function distinctTools(tools: readonly JsonObject[]): JsonObject[] {
  const names = tools.map(nameOf);
  return tools.filter((_, i) => names[i] === undefined || names.indexOf(names[i]) === i);
}

function isNamed(tool: JsonObject): boolean {
  return nameOf(tool) !== undefined;
}

function nameOf(tool: JsonObject): string | undefined {
  const name = fieldOf(tool['function'], 'name') || tool['name'];
  return typeof name === 'string' && name !== '' ? name : undefined;
}
