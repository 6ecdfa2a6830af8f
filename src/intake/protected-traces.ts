import { type Context, trace } from '@opentelemetry/api';
import { callSafely, isThenable } from '../runtime/call-safely.js';
import type { SpanLike, SpanTest } from '../span.js';
import { Generations } from './generations.js';

/** So many traces are known to be protected at a time. */
const CAPACITY = 10_000;
const SAMPLED = 1;

/**
 * Traces that are kept before others. Decided where a trace begins in this process, by what its first span carries at
 * its start: `sampling.priority` above 0, or the application's own rule. Later would be too late, because other spans of
 * the trace may be gone by then.
 */
export class ProtectedTraces {
  readonly #protects: SpanTest | undefined;
  readonly #ids = new Generations<true>(CAPACITY);

  constructor(protects: SpanTest | undefined) {
    this.#protects = protects;
  }

  has(traceId: string): boolean {
    return this.#ids.get(traceId) !== undefined;
  }

  /** A span starts. */
  start(span: object, parent: Context): void {
    if (!isSpan(span) || !beginsHere(parent)) return;
    const { traceId, traceFlags } = span.spanContext();
    if ((traceFlags & SAMPLED) !== 0 && this.#isProtected(span)) this.#ids.set(traceId, true);
  }

  #isProtected(span: SpanLike): boolean {
    const { 'sampling.priority': priority } = span.attributes as { readonly 'sampling.priority'?: unknown };
    if (typeof priority === 'number' && priority > 0) return true;
    const protects = this.#protects;
    if (protects === undefined) return false;
    let verdict: unknown;
    callSafely(
      () => {
        verdict = protects(span);
        return verdict;
      },
      () => {
        // A rule that fails protects nothing; the span goes its usual way.
      },
    );
    return verdict === true && !isThenable(verdict);
  }
}

function beginsHere(parent: Context): boolean {
  const above = trace.getSpanContext(parent);
  return above === undefined || above.isRemote === true || /^0*$/.test(above.spanId);
}

function isSpan(span: object): span is SpanLike {
  return 'spanContext' in span && typeof span.spanContext === 'function' && 'attributes' in span;
}
