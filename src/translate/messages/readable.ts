import type { PlainObject } from '../attributes.js';
import { isListOfParts } from './content-parts.js';
import { withRole } from './langchain.js';
import { looksLikeJson, nestedJson } from './nested-json.js';

/** Deeper than any conversation, and no deeper than a server takes JSON. */
const MAX_DEPTH = 32;

/**
 * Content as the chat view of Langfuse can show it: JSON text inside a structure (arguments of tool calls, results of
 * tools, lists of parts) becomes what it says, and LangChain's serialised messages get a role. What was said, the
 * texts of messages, stays verbatim even where it is JSON: that is what the model wrote. Nothing is left out.
 *
 * Linear in the size of the content. The same value, not a copy, when there is nothing to do.
 */
export function readable(content: unknown): unknown {
  if (typeof content !== 'string') return unwrapped(content, false, MAX_DEPTH);
  if (!mayHoldNested(content)) return content;
  const structure = nestedJson(content, MAX_DEPTH);
  if (structure === undefined) return content;
  const shown = unwrapped(structure, false, MAX_DEPTH);
  return shown === structure ? content : shown;
}

/** Looked for in the text, because parsing a long prompt for nothing costs more than all the rest of its translation. */
function mayHoldNested(text: string): boolean {
  return looksLikeJson(text) && NESTED.test(text);
}

const NESTED = /"(?:[{[]|lc":1)/;

/**
 * @param isSaid - a text here is something somebody said.
 * @param levels - how many more levels there may be below.
 */
function unwrapped(value: unknown, isSaid: boolean, levels: number): unknown {
  if (typeof value === 'string') return textOrStructure(value, isSaid, levels);
  if (typeof value !== 'object' || value === null || levels === 0) return value;
  return Array.isArray(value) ? unwrappedList(value, isSaid, levels) : unwrappedObject(value, levels);
}

function textOrStructure(text: string, isSaid: boolean, levels: number): unknown {
  const structure = nestedJson(text, levels);
  if (structure === undefined || (isSaid && !isListOfParts(structure))) return text;
  return unwrapped(structure, false, levels);
}

function unwrappedList(list: readonly unknown[], isSaid: boolean, levels: number): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (const [index, item] of list.entries()) {
    const shown = unwrapped(item, isSaid, levels - 1);
    if (shown === item) continue;
    copy ??= [...list];
    copy[index] = shown;
  }
  return copy ?? list;
}

function unwrappedObject(object: object, levels: number): object {
  if (!isPlain(object)) return object;
  const fields = withRole(object);
  let copy: { [key: string]: unknown } | undefined;
  const isTool = isOfTool(fields);
  for (const key of Object.keys(fields)) {
    const item = fields[key];
    const shown = unwrapped(item, SAID.has(key) && !isTool, levels - 1);
    if (shown === item || key === '__proto__') continue;
    copy ??= { ...fields };
    copy[key] = shown;
  }
  return copy ?? fields;
}

/** Dates, bytes and the like have a form of their own in JSON. */
function isPlain(object: object): object is PlainObject {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === Object.prototype || prototype === null;
}

/** Where messages and their parts keep what was said, in all the shapes that Langfuse shows. */
const SAID: ReadonlySet<string> = new Set(['content', 'text', 'thinking', 'reasoning', 'reasoning_content', 'refusal']);

/** What a tool gave back is data, also where it is called content. */
function isOfTool({ role, type }: PlainObject): boolean {
  return role === 'tool' || role === 'function' || (typeof type === 'string' && TOOL_RESULTS.has(type));
}

const TOOL_RESULTS: ReadonlySet<string> = new Set([
  'tool',
  'tool_result',
  'tool-result',
  'tool_call_response',
  'function_call_output',
]);
