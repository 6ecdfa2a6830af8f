import { isObject, isPresent, parsed } from './attributes.js';

/**
 * The input with the tool definitions in it, where Langfuse shows them: the same forms the server makes of a tool
 * attribute (4.16).
 */
export function withTools(input: unknown, given: readonly unknown[]): unknown {
  const content = typeof input === 'string' ? (parsed(input) ?? input) : input;
  const tools = given.flatMap(definitionsIn);
  if (Array.isArray(content)) return { messages: content, tools };
  if (isObject(content)) return isPresent(content['tools']) ? input : { ...content, tools };
  return content === undefined ? { tools } : { prompt: content, tools };
}

/** Gemini lists its functions one level down, Bedrock wraps each; the server looks for the name at the top. */
function definitionsIn(tool: unknown): readonly unknown[] {
  if (!isObject(tool)) return [tool];
  const {
    functionDeclarations,
    function_declarations: declarations = functionDeclarations,
    toolSpec,
    ...others
  } = tool;
  if (Array.isArray(declarations)) return Object.keys(others).length === 0 ? declarations : [...declarations, others];
  return isObject(toolSpec) ? [{ ...toolSpec, ...others }] : [tool];
}
