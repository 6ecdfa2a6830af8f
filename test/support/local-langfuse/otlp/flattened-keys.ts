import type { Attributes } from './values.js';

/** Slots of all arrays together; keys that would need more are dropped, so that an index of a billion does no harm. */
const MAX_SLOTS = 10_001;
const UNSAFE = new Set(['__proto__', 'constructor', 'prototype']);

/** Rebuilds what was flattened to `prefix.0.role`, `prefix.0.tool_calls.1.name`, … (facts §9.4). */
export function rebuilt(attributes: Attributes, prefix: string): unknown {
  if (attributes[prefix]) return attributes[prefix];
  const paths = withinBudget(
    Object.keys(attributes)
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.replace(`${prefix}.`, '')),
  );
  const isList = paths.some((path) => /^\d+\./.test(path));
  const root: Node = isList ? [] : {};
  for (const path of paths) {
    const segments = path.split('.');
    if (segments.some((segment) => UNSAFE.has(segment))) continue;
    if (isList && (segments.length < 2 || !isIndex(segments[0]))) continue;
    // Looked up under the prefix again: a key that only starts like it has no value there, and leaves an empty shell.
    assign(root, segments, attributes[`${prefix}.${path}`]);
  }
  return root;
}

export function hasPrefix(attributes: Attributes, prefix: string): boolean {
  return Object.keys(attributes).some((key) => key.startsWith(prefix));
}

type Node = unknown[] | Record<string, unknown>;

/** Throws where the way leads through a text, as the server does. */
function assign(root: Node, segments: readonly string[], value: unknown): void {
  let node = root;
  segments.slice(0, -1).forEach((segment, i) => {
    const child = Reflect.get(node, segment) ?? (isIndex(segments[i + 1]) ? [] : {});
    if (typeof child !== 'object') throw new TypeError(`${segments.join('.')} leads through a value`);
    Reflect.set(node, segment, child);
    node = child as Node;
  });
  Reflect.set(node, segments.at(-1) ?? '', value);
}

function withinBudget(paths: readonly string[]): string[] {
  const lengths = new Map<string, number>();
  let slots = 0;
  return paths.filter((path) => {
    const segments = path.split('.');
    const grown = new Map<string, number>();
    segments.forEach((segment, i) => {
      const list = segments.slice(0, i).join('.');
      if (isIndex(segment)) grown.set(list, Math.max(lengths.get(list) ?? 0, Number(segment) + 1));
    });
    const needed = [...grown].reduce((sum, [list, length]) => sum + length - (lengths.get(list) ?? 0), 0);
    if (slots + needed > MAX_SLOTS) return false;
    slots += needed;
    for (const [list, length] of grown) lengths.set(list, length);
    return true;
  });
}

function isIndex(segment: string | undefined): boolean {
  return segment !== undefined && /^\d+$/.test(segment);
}
