import type { JsonObject } from '../model.js';
import { isObject } from '../store/field-rules.js';
import { isNamedOrTyped, toolsOf } from './tool-shape.js';
import { parsedOrRaw } from './values.js';

interface Found {
  readonly tools: readonly JsonObject[];
  /** Without the sources that were used. */
  readonly metadata: JsonObject;
}

const ATTRIBUTE_SOURCES = [
  { key: 'ai.prompt.tools', isTool: isNamedOrTyped },
  { key: 'gen_ai.tool.definitions', isTool: undefined },
];

/** The places where instrumentations leave tool definitions, in the server's order (facts §10). */
export function toolSources(metadata: JsonObject): Found {
  const tools: JsonObject[] = [];
  const rest = { ...metadata };
  const take = (found: readonly JsonObject[] | undefined, remove: () => void): void => {
    if (!found || found.length === 0) return;
    tools.push(...found);
    remove();
  };
  take(toolsOf(rest['tools']), () => delete rest['tools']);
  if (!isObject(rest['attributes'])) return { tools, metadata: rest };
  const attributes = { ...rest['attributes'] };
  for (const { key, isTool } of ATTRIBUTE_SOURCES) take(toolsOf(attributes[key], isTool), () => delete attributes[key]);
  takeFunctionTools(attributes, take);
  for (const key of schemaKeys(attributes)) take(toolsOf([attributes[key]]), () => delete attributes[key]);
  if (Object.keys(attributes).length === 0 && tools.length > 0) delete rest['attributes'];
  else rest['attributes'] = attributes;
  return { tools, metadata: rest };
}

type Take = (found: readonly JsonObject[] | undefined, remove: () => void) => void;

/** Pydantic AI keeps them inside other parameters, which stay. */
function takeFunctionTools(attributes: JsonObject, take: Take): void {
  const value = attributes['model_request_parameters'];
  const parameters = parsedOrRaw(value);
  if (!isObject(parameters)) return;
  const { function_tools: functionTools, ...others } = parameters;
  take(toolsOf(functionTools), () => {
    if (Object.keys(others).length === 0) delete attributes['model_request_parameters'];
    else attributes['model_request_parameters'] = typeof value === 'string' ? JSON.stringify(others) : others;
  });
}

const SCHEMA = /^llm\.tools\.(\d+)\.tool\.json_schema$/;

function schemaKeys(attributes: JsonObject): string[] {
  const index = (key: string): number => Number(SCHEMA.exec(key)?.[1]);
  return Object.keys(attributes)
    .filter((key) => SCHEMA.test(key))
    .sort((a, b) => index(a) - index(b));
}
