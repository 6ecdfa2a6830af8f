import type { JsonObject } from '../model.js';
import { isObject } from '../store/field-rules.js';
import { distinctTools, toolsOf } from './tool-shape.js';
import { toolSources } from './tool-sources.js';
import { parsedJson } from './values.js';

interface InputAndMetadata {
  readonly input?: unknown;
  readonly metadata: JsonObject;
}

/** Moves the tool definitions found in the metadata into the observation's input (facts §10). */
export function withMovedTools(observed: InputAndMetadata): InputAndMetadata {
  const { tools, metadata } = toolSources(observed.metadata);
  const input = tools.length > 0 ? inputWithTools(observed.input, distinctTools(tools)) : undefined;
  return input ? { input, metadata } : observed;
}

/** `undefined` where tools cannot go: numbers, booleans, an input whose own tools are odd. */
function inputWithTools(input: unknown, tools: readonly JsonObject[]): JsonObject | undefined {
  if (input === undefined || input === null) return { tools };
  const value = typeof input === 'string' ? parsedJson(input) : input;
  if (Array.isArray(value)) return { messages: value, tools };
  if (isObject(value)) {
    const own = value['tools'] === undefined ? [] : toolsOf(value['tools']);
    return own && { ...value, tools: distinctTools([...own, ...tools]) };
  }
  const isText = typeof input === 'string' && (value === undefined || typeof value === 'string');
  return isText ? { prompt: input, tools } : undefined;
}
