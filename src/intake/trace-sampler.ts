import type { Sampling } from '../ports.js';
import { toText } from '../runtime/to-text.js';
import type { SpanContextLike, SpanLike } from '../span.js';
import { Generations } from './generations.js';
import { thresholdIn } from './otel-threshold.js';
import type { ProtectedTraces } from './protected-traces.js';
import { fractionOf } from './trace-fraction.js';
import { RESCUED, TraceShare } from './trace-share.js';

export type Strategy = 'sample' | 'reject' | 'off';

export interface SamplerOptions {
  /** Share of all traces that is kept, whatever the load. */
  readonly sampleRate: number;
  readonly strategy: Strategy;
  /** Spans with an error are kept when their trace is not. */
  readonly rescueErrors: boolean;
}

/** What the load allows at this moment. */
export interface Allowance {
  /** Share of new traces that may come in. */
  readonly rate: number;
  /** There is room only for traces that are kept already. */
  readonly isReserved: boolean;
}

/** Spans that came to be judged, since somebody last asked. */
export interface Offered {
  spans: number;
  protectedSpans: number;
}

/**
 * Traces that are remembered: kept ones, and ones that were turned away. A trace that is forgotten while it runs is
 * judged again, by the same fraction: it is torn only when the rate has crossed that fraction meanwhile.
 */
const KEPT_TRACES = 10_000;
const SHED_TRACES = 10_000;

const ERROR = 2;

/** Why a span does not come in, although nothing is wrong with it. */
export type TurnedAway = 'sampledOut' | 'backpressure';

/** Decides of each trace, once, at its first span that would be exported. O(1), and one object for each kept trace. */
export class TraceSampler {
  readonly #options: SamplerOptions;
  readonly #protected: ProtectedTraces;
  readonly #kept = new Generations<TraceShare>(KEPT_TRACES);
  readonly #shed = new Generations<true>(SHED_TRACES);
  #allowance: Allowance = { rate: 1, isReserved: false };
  #offered: Offered = { spans: 0, protectedSpans: 0 };

  constructor(options: SamplerOptions, protectedTraces: ProtectedTraces) {
    this.#options = options;
    this.#protected = protectedTraces;
  }

  /** Traces that are remembered. */
  get remembered(): number {
    return this.#kept.size + this.#shed.size;
  }

  allow(allowance: Allowance): void {
    this.#allowance = allowance;
  }

  /** What was offered since the last call. */
  takeOffered(): Readonly<Offered> {
    const offered = this.#offered;
    this.#offered = { spans: 0, protectedSpans: 0 };
    return offered;
  }

  /** The decision about the span's trace, or why it stays outside; undefined where nothing is sampled. */
  judge(span: SpanLike): Sampling | TurnedAway | undefined {
    const context = span.spanContext();
    if (this.#options.strategy === 'off') return this.#byRateAlone(context);
    const { traceId } = context;
    const known = this.#kept.get(traceId);
    if (known !== undefined) return this.#next(span, known);
    if (this.#shed.get(traceId) !== undefined) {
      this.#offered.spans++;
      return this.#turnedAway(span);
    }
    return this.#first(span, context);
  }

  #byRateAlone(context: SpanContextLike): Sampling | TurnedAway | undefined {
    const { sampleRate } = this.#options;
    if (sampleRate === 1) return undefined;
    const share = this.#shareOf(context, false);
    return share.isCondemned ? 'sampledOut' : share;
  }

  #first(span: SpanLike, context: SpanContextLike): Sampling | TurnedAway {
    const { traceId } = context;
    const share = this.#shareOf(context, this.#protected.has(traceId));
    // Not even the static rate keeps it: no memory is needed to say so again.
    if (share.fraction >= 1) return 'sampledOut';
    this.#count(share);
    if (this.#isWelcome(share)) {
      this.#kept.set(traceId, share);
      return share;
    }
    this.#shed.set(traceId, true);
    return this.#turnedAway(span);
  }

  #isWelcome(share: TraceShare): boolean {
    const { rate, isReserved } = this.#allowance;
    if (isReserved) return false;
    if (share.isProtected) return true;
    // New traces are let in or not: those that are let in stand for themselves alone.
    if (this.#options.strategy === 'reject') return rate > 0;
    share.meet(rate);
    return !share.isCondemned;
  }

  #next(span: SpanLike, share: TraceShare): Sampling | TurnedAway {
    this.#count(share);
    return share.isCondemned ? this.#turnedAway(span) : share;
  }

  #count({ isProtected }: TraceShare): void {
    if (isProtected) this.#offered.protectedSpans++;
    else this.#offered.spans++;
  }

  #turnedAway(span: SpanLike): Sampling | TurnedAway {
    const { strategy, rescueErrors } = this.#options;
    if (rescueErrors && span.status?.code === ERROR) return RESCUED;
    return strategy === 'reject' ? 'backpressure' : 'sampledOut';
  }

  #shareOf({ traceId: given, traceState }: SpanContextLike, isProtected: boolean): TraceShare {
    const { sampleRate } = this.#options;
    // What a broken SDK takes for an id is mended later; here it must not throw.
    const traceId = toText(given);
    const text = textOf(traceState);
    const threshold = text === undefined ? undefined : thresholdIn(text, traceId);
    // 0 / 0 is no number, which is below no rate, either.
    const fraction = (threshold?.fraction ?? fractionOf(traceId)) / sampleRate;
    return new TraceShare(
      {
        fraction: Number.isNaN(fraction) ? 1 : fraction,
        baseRate: sampleRate,
        isProtected,
        ambient: threshold && text !== undefined ? { traceState: text, probability: threshold.probability } : undefined,
      },
      1,
    );
  }
}

/** A context that was written down and read again has lost its methods. */
function textOf(traceState: SpanContextLike['traceState']): string | undefined {
  const text = typeof traceState?.serialize === 'function' ? traceState.serialize() : undefined;
  return typeof text === 'string' && text !== '' ? text : undefined;
}
