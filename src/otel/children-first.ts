import type { SpanLike } from '../span.js';

/**
 * The spans of a batch so that none comes after its parent, as they end in a process: what a parent repeats of its
 * children is known by then. The same array where that is so; spans that were grouped by their scope, as OTLP has
 * them, are brought back into that order, by their depth.
 */
export function childrenFirst(spans: readonly SpanLike[]): readonly SpanLike[] {
  try {
    return sorted(spans);
  } catch {
    // A span whose context cannot be read is refused where spans are taken in, with a reason.
    return spans;
  }
}

function sorted(spans: readonly SpanLike[]): readonly SpanLike[] {
  const parents = new Map<string, string | undefined>();
  let isOrdered = true;
  for (const span of spans) {
    const { traceId, spanId } = span.spanContext();
    const parentId = span.parentSpanContext?.spanId ?? span.parentSpanId;
    const parent = parentId === undefined ? undefined : `${traceId}${parentId}`;
    if (parent !== undefined && parents.has(parent)) isOrdered = false;
    parents.set(`${traceId}${spanId}`, parent);
  }
  if (isOrdered) return spans;
  const depths = depthsOf(parents);
  const depthOf = (span: SpanLike): number =>
    depths.get(`${span.spanContext().traceId}${span.spanContext().spanId}`) ?? 0;
  return [...spans].sort((a, b) => depthOf(b) - depthOf(a));
}

/** How many ancestors each has in the batch. A circle of parents, which only a broken source makes, ends somewhere. */
function depthsOf(parents: ReadonlyMap<string, string | undefined>): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  for (const key of parents.keys()) {
    const path: string[] = [];
    for (
      let at: string | undefined = key;
      at !== undefined && parents.has(at) && !depths.has(at);
      at = parents.get(at)
    ) {
      depths.set(at, 0);
      path.push(at);
    }
    const top = path.at(-1);
    const above = top === undefined ? undefined : parents.get(top);
    let depth = above === undefined || !parents.has(above) ? -1 : (depths.get(above) ?? 0);
    for (const at of path.reverse()) depths.set(at, ++depth);
  }
  return depths;
}
