import { toText } from '../runtime/to-text.js';
import type { SpanLike } from '../span.js';

/**
 * The spans of a batch so that none comes after its parent, as they end in a process: what a parent repeats of its
 * children is known by then. Nothing moves but a parent that comes too early, as in batches that were grouped by scope
 * (OTLP): it waits for its last child.
 */
export function childrenFirst(spans: readonly SpanLike[]): readonly SpanLike[] {
  const children = childrenOf(spans);
  const ordered: SpanLike[] = [];
  const visited = new Set<SpanLike>();
  for (const span of spans) {
    // A stack of our own: a chain of parents may be longer than the engine's.
    const open = [span];
    for (let current = open.at(-1); current !== undefined; current = open.at(-1)) {
      const waiting = visited.has(current) ? [] : (children.get(idOf(current)) ?? []);
      visited.add(current);
      const next = waiting.filter((child) => !visited.has(child));
      if (next.length > 0) open.push(...next.reverse());
      else {
        open.pop();
        ordered.push(current);
      }
    }
  }
  return [...new Set(ordered)];
}

function childrenOf(spans: readonly SpanLike[]): ReadonlyMap<string, readonly SpanLike[]> {
  const children = new Map<string, SpanLike[]>();
  for (const span of spans) {
    const parentId = span.parentSpanContext?.spanId ?? span.parentSpanId;
    if (typeof parentId !== 'string') continue;
    const key = `${toText(span.spanContext().traceId)}${parentId}`;
    const siblings = children.get(key);
    if (siblings) siblings.push(span);
    else children.set(key, [span]);
  }
  return children;
}

function idOf(span: SpanLike): string {
  const { traceId, spanId } = span.spanContext();
  return `${toText(traceId)}${toText(spanId)}`;
}
