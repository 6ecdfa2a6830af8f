import type { Attributes } from '../span.js';
import { isObject } from './attributes.js';

/** Beyond this a number in a key is no position: `llm.input_messages.999999999.…` would fill the memory. */
const MAX_INDEX = 10_000;

/** The end of a path, told from a branch by its class: a part of a path may itself be called "value". */
class Leaf {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/**
 * Rebuilds what was flattened into `prefix0.role`, `prefix0.tool_calls.1.name`, …: lists where all parts are numbers,
 * objects elsewhere.
 *
 * @param taken - told every key that was used.
 * @returns a list; undefined when no key has the form.
 */
export function unflatten(
  attributes: Attributes,
  prefix: string,
  taken: (key: string) => void,
): readonly unknown[] | undefined {
  const root: { [part: string]: unknown } = Object.create(null);
  let found = false;
  for (const key in attributes) {
    if (!key.startsWith(prefix)) continue;
    const path = key.slice(prefix.length).split('.');
    if (!isIndex(path[0] ?? '') || !place(root, path, attributes[key])) continue;
    taken(key);
    found = true;
  }
  if (!found) return undefined;
  const list = toValue(root);
  return Array.isArray(list) ? list : undefined;
}

const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** False when the path runs through a value, or is not one to be followed. */
function place(root: { [part: string]: unknown }, path: readonly string[], value: unknown): boolean {
  let branch = root;
  for (const [depth, part] of path.entries()) {
    if (FORBIDDEN.has(part)) return false;
    if (depth === path.length - 1) {
      if (part in branch) return false;
      branch[part] = new Leaf(value);
      return true;
    }
    const next = branch[part] ?? Object.create(null);
    if (!isObject(next) || next instanceof Leaf) return false;
    branch[part] = next;
    branch = next as { [part: string]: unknown };
  }
  return false;
}

function toValue(node: unknown): unknown {
  if (node instanceof Leaf) return node.value;
  if (!isObject(node)) return undefined;
  const parts = Object.keys(node);
  if (parts.every(isIndex)) {
    // Gaps close: an attribute limit may have taken the ones between.
    return parts.sort((a, b) => Number(a) - Number(b)).map((part) => toValue(node[part]));
  }
  return Object.fromEntries(parts.map((part) => [part, toValue(node[part])]));
}

function isIndex(part: string): boolean {
  return /^\d{1,5}$/.test(part) && Number(part) <= MAX_INDEX;
}
