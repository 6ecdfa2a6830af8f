import type { Sampling } from '../ports.js';
import { withThreshold } from './otel-threshold.js';

/** What is known of a trace when its first span comes. */
export interface TraceOrigin {
  /** In [0, 1): the trace is kept at rates above it. */
  readonly fraction: number;
  /** The share of all traces that the fractions are spread over: `sampleRate`. */
  readonly baseRate: number;
  /** Never given up while anything else can be. */
  readonly isProtected: boolean;
  /** Where a sampler before us has left how many it kept. */
  readonly ambient?: { readonly traceState: string; readonly probability: number } | undefined;
}

/**
 * The one decision for all spans of a trace. Until a span of it leaves memory the rate may still fall and take the
 * whole trace; after that all of it is kept. So it was kept because its fraction is below the lowest rate it met,
 * and that rate is exactly its probability.
 */
export class TraceShare implements Sampling {
  readonly fraction: number;
  readonly isProtected: boolean;
  readonly isPartial: boolean = false;
  readonly #baseRate: number;
  readonly #ambient: TraceOrigin['ambient'];
  #lowestRate: number;
  #isCommitted = false;

  constructor({ fraction, baseRate, isProtected, ambient }: TraceOrigin, rate: number) {
    this.fraction = fraction;
    this.isProtected = isProtected;
    this.#baseRate = baseRate;
    this.#ambient = ambient;
    this.#lowestRate = rate;
  }

  get isCommitted(): boolean {
    return this.#isCommitted;
  }

  get isCondemned(): boolean {
    return this.fraction >= this.#lowestRate;
  }

  get probability(): number {
    return this.#baseRate * this.#lowestRate;
  }

  get traceState(): string | undefined {
    const ambient = this.#ambient;
    return ambient && withThreshold(ambient.traceState, ambient.probability * this.probability);
  }

  commit(): void {
    this.#isCommitted = true;
  }

  /** The rate is at `rate` while all of the trace is still in memory. */
  meet(rate: number): void {
    if (!this.#isCommitted && rate < this.#lowestRate) this.#lowestRate = rate;
  }
}

/** A span that is sent although its trace was given up: it stands for nothing but itself. */
export const RESCUED: Sampling = Object.freeze({
  probability: 1,
  isCondemned: false,
  isPartial: true,
  traceState: undefined,
  commit() {},
});
