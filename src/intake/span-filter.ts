import type { Context } from '@opentelemetry/api';
import { isThenable } from '../runtime/call-safely.js';
import { SideTable } from '../runtime/side-table.js';
import type { Parentage, SpanLike, SpanTest } from '../span.js';
import { ExportedTraces } from './exported-traces.js';
import { llmEvidence } from './llm-spans.js';
import { type NodeRow, SpanTree } from './span-tree.js';

/** Which spans are exported when the options do not say: those of language-model libraries, or all. */
export type DefaultFilter = 'llm-spans' | 'everything';

/** What the options say: a function that decides alone, or what the default filter takes besides, and leaves out. */
export type FilterOptions =
  | { readonly decides: SpanTest }
  | { readonly include: readonly SpanTest[]; readonly exclude: readonly SpanTest[] };

/** What the rules say of one span, and which of them. */
export interface Verdict {
  readonly isExported: boolean;
  readonly rule: string;
  /** Left out by default only: it is exported after all where an exported trace begins with it. */
  readonly mayBeEntry: boolean;
}

const DECIDED: Verdict = { isExported: true, rule: 'shouldExportSpan', mayBeEntry: false };
const DECLINED: Verdict = { ...DECIDED, isExported: false };
const EXCLUDED: Verdict = { isExported: false, rule: 'exclude', mayBeEntry: false };
const INCLUDED: Verdict = { isExported: true, rule: 'include', mayBeEntry: false };
const EVERYTHING: Verdict = { isExported: true, rule: 'every span', mayBeEntry: false };
const NO_RULE: Verdict = { isExported: false, rule: 'no rule', mayBeEntry: true };

/** Decides which spans are exported, and keeps what is exported of a trace in one piece. */
export class SpanFilter {
  readonly #options: FilterOptions;
  readonly #default: DefaultFilter;
  readonly #tree: SpanTree;
  readonly #traces = new ExportedTraces();
  readonly #mayKeepEntries: boolean;

  constructor(options: FilterOptions, byDefault: DefaultFilter, table: SideTable<NodeRow> = new SideTable(() => ({}))) {
    this.#tree = new SpanTree(table);
    this.#options = options;
    this.#default = byDefault;
    this.#mayKeepEntries = byDefault === 'llm-spans' && !('decides' in options);
  }

  /** A span starts. */
  start(span: object, context: Context): void {
    if (isSpan(span)) this.#tree.start(span, context);
  }

  /**
   * Whether a span that ended is exported.
   *
   * @throws what a function of the application throws, or a `TypeError` when it returns a promise: that would mean yes
   * for every span, without a word.
   */
  keeps(span: SpanLike): boolean {
    let isExported = false;
    try {
      const verdict = this.judge(span);
      isExported = verdict.isExported || (verdict.mayBeEntry && this.#isNeededEntry(span));
      return isExported;
    } finally {
      this.#tree.end(span, isExported);
      if (isExported && this.#mayKeepEntries && this.#tree.isEntry(span) === undefined)
        this.#traces.add(span.spanContext().traceId);
    }
  }

  /** The parent that an exported span gets instead of its own; undefined where nothing is known of it. */
  parentOf(span: SpanLike): Parentage | undefined {
    return this.#tree.parentOf(span, (open) => this.#expects(open));
  }

  /** What the rules say of the span alone. */
  judge(span: SpanLike): Verdict {
    if ('decides' in this.#options) return isTrue(this.#options.decides, span) ? DECIDED : DECLINED;
    const { include, exclude } = this.#options;
    if (exclude.some((test) => isTrue(test, span))) return EXCLUDED;
    if (this.#default === 'everything') return EVERYTHING;
    const rule = llmEvidence(span);
    if (rule !== undefined) return { isExported: true, rule, mayBeEntry: false };
    return include.some((test) => isTrue(test, span)) ? INCLUDED : NO_RULE;
  }

  /** A trace would dangle without the span it begins with. */
  #isNeededEntry(span: SpanLike): boolean {
    const isEntry = this.#tree.isEntry(span);
    if (isEntry !== undefined) return isEntry && this.#tree.hasExported(span);
    return hasNoLocalParent(span) && this.#traces.has(span.spanContext().traceId);
  }

  /** An exported span below asks whether this one, still open, will be there. */
  #expects(open: SpanLike): boolean {
    try {
      const verdict = this.judge(open);
      return verdict.isExported || (verdict.mayBeEntry && this.#tree.isEntry(open) === true);
    } catch {
      return false;
    }
  }
}

function isSpan(span: object): span is SpanLike {
  return 'spanContext' in span && typeof span.spanContext === 'function';
}

function hasNoLocalParent({ parentSpanContext, parentSpanId }: SpanLike): boolean {
  return parentSpanContext === undefined ? !parentSpanId : parentSpanContext.isRemote === true;
}

function isTrue(test: SpanTest, span: SpanLike): boolean {
  const verdict = test(span);
  if (!isThenable(verdict)) return verdict === true;
  Promise.resolve(verdict).catch(() => {});
  throw new TypeError('shouldExportSpan must be synchronous, but returned a promise');
}
