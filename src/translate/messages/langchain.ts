import { isObject, type PlainObject } from '../attributes.js';

/** LangChain's message classes, by the last part of their name. */
const ROLES: ReadonlyMap<string, string> = new Map([
  ['HumanMessage', 'user'],
  ['HumanMessageChunk', 'user'],
  ['AIMessage', 'assistant'],
  ['AIMessageChunk', 'assistant'],
  ['SystemMessage', 'system'],
  ['SystemMessageChunk', 'system'],
  ['ToolMessage', 'tool'],
  ['ToolMessageChunk', 'tool'],
  ['FunctionMessage', 'function'],
  ['FunctionMessageChunk', 'function'],
]);

/**
 * A message as LangChain serialises it, `{lc: 1, type: "constructor", id: […, "HumanMessage"], kwargs: {…}}`, as the
 * message it stands for, with a role. What it was stays as `lc_id`, LangChain's own name for it. Anything else as it is.
 */
export function withRole(fields: PlainObject): PlainObject {
  if (fields['lc'] !== 1 || fields['type'] !== 'constructor') return fields;
  const { id, kwargs } = fields;
  if (!Array.isArray(id) || !isObject(kwargs)) return fields;
  const name: unknown = id.at(-1);
  const role = typeof name === 'string' ? ROLES.get(name) : undefined;
  return role === undefined ? fields : { role, ...kwargs, lc_id: id };
}
