import { type Context, trace } from '@opentelemetry/api';
import type { SideTable } from '../runtime/side-table.js';
import type { Parentage, SpanLike } from '../span.js';

/**
 * A span that started here. What is above it is let go as soon as it cannot matter any more: in a chain of spans of
 * which each outlives its parent, the last one must not hold all the others.
 */
export interface Node {
  readonly spanId: string;
  /** Only while it is open. */
  span: SpanLike | undefined;
  /** While it is open, what is expected; undefined when nobody has asked yet. */
  isExported: boolean | undefined;
  above: Node | Parentage;
  /** Shared by all that is below the same entry. */
  readonly entry: Entry;
}

/** The column of the side table in which it is kept. */
export interface NodeRow {
  node?: Node | undefined;
}

/** All that is below the span with which a trace begins in this process. */
interface Entry {
  top: Node | undefined;
  hasExported: boolean;
}

const NO_PARENT: Parentage = Object.freeze({ spanId: undefined, isRemote: false });
const SAMPLED = 1;

/**
 * Knows the parents of the spans that started here, so that what is exported hangs together: the children of a span
 * that is left out get the nearest exported span above it. All of it is kept with the span objects and forgotten with
 * them: a span that never ends leaves nothing behind.
 */
export class SpanTree {
  readonly #table: SideTable<NodeRow>;

  constructor(table: SideTable<NodeRow>) {
    this.#table = table;
  }

  /** A span starts. */
  start(span: SpanLike, context: Context): void {
    const above = passed(this.#above(context));
    const { spanId, traceFlags } = span.spanContext();
    const isSampled = (traceFlags & SAMPLED) !== 0;
    const entry: Entry = isNode(above) ? above.entry : { top: undefined, hasExported: false };
    const node: Node = {
      spanId,
      span: isSampled ? span : undefined,
      isExported: isSampled ? undefined : false,
      above,
      entry,
    };
    entry.top ??= node;
    this.#table.rowOf(span).node = node;
  }

  /** Whether the local part of a trace begins with this span; undefined when its start was not seen. */
  isEntry(span: SpanLike): boolean | undefined {
    const node = this.#table.find(span)?.node;
    return node && node.entry.top === node;
  }

  /** Whether anything below the same entry is exported. */
  hasExported(span: SpanLike): boolean {
    return this.#table.find(span)?.node?.entry.hasExported === true;
  }

  /** A span ended, and its fate is decided. */
  end(span: SpanLike, isExported: boolean): void {
    const node = this.#table.find(span)?.node;
    if (node === undefined) return;
    node.span = undefined;
    node.isExported = isExported;
    if (isExported) node.entry.hasExported = true;
    else node.above = passed(node.above);
  }

  /**
   * The parent that an exported span gets; undefined when its start was not seen.
   *
   * @param expects - whether a span that is still open will be exported. Asked once for each.
   */
  parentOf(span: SpanLike, expects: (open: SpanLike) => boolean): Parentage | undefined {
    const node = this.#table.find(span)?.node;
    if (node === undefined) return undefined;
    let { above } = node;
    while (isNode(above) && !willBeExported(above, expects)) above = above.above;
    const parentage = isNode(above) ? { spanId: above.spanId, isRemote: false } : above;
    node.above = parentage;
    return parentage;
  }

  #above(context: Context): Node | Parentage {
    const parent = trace.getSpan(context);
    if (parent === undefined) return NO_PARENT;
    const node = this.#table.find(parent)?.node;
    if (node !== undefined) return node;
    const { spanId, isRemote } = parent.spanContext();
    return /^0*$/.test(spanId) ? NO_PARENT : { spanId, isRemote: isRemote === true };
  }
}

function isNode(above: Node | Parentage): above is Node {
  return 'entry' in above;
}

/** What is above all that has ended and is not exported. */
function passed(above: Node | Parentage): Node | Parentage {
  let first = above;
  while (isNode(first) && first.span === undefined && first.isExported === false) first = first.above;
  return first;
}

function willBeExported(node: Node, expects: (open: SpanLike) => boolean): boolean {
  if (node.isExported === undefined && node.span !== undefined) node.isExported = expects(node.span);
  return node.isExported !== false;
}
