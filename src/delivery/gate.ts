import type { LangfuseError } from '../errors.js';
import type { Clock } from '../ports.js';

/** Holds are for mistakes that a person has to mend: half a minute first, up to a quarter of an hour. */
const HOLD_INITIAL_MS = 30_000;
const HOLD_MAX_MS = 900_000;

/**
 * `open`: requests may go. `waiting`: the server or the way to it failed; nothing goes before `untilMs`, then one
 * request alone shows whether it is over. `hold`: the same, slowly, for what needs a person (keys, address, plan).
 */
type GateState =
  | { readonly at: 'open' }
  | { readonly at: 'waiting'; readonly untilMs: number; readonly failures: number; readonly cause: LangfuseError }
  | { readonly at: 'hold'; readonly untilMs: number; readonly failures: number; readonly cause: LangfuseError };

export interface GateOptions {
  readonly initialMs: number;
  readonly maxMs: number;
}

/** Decides when the next request may start. One gate for all requests to one server. */
export class Gate {
  readonly #options: GateOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  #state: GateState = { at: 'open' };

  constructor(options: GateOptions, clock: Clock, random: () => number = Math.random) {
    this.#options = options;
    this.#clock = clock;
    this.#random = random;
  }

  get state(): GateState['at'] {
    return this.#state.at;
  }

  get cause(): LangfuseError | undefined {
    return this.#state.at === 'open' ? undefined : this.#state.cause;
  }

  /** Milliseconds until a request may start; 0 when one may start now. */
  get waitMs(): number {
    return this.#state.at === 'open' ? 0 : Math.max(0, this.#state.untilMs - this.#clock.now());
  }

  /** How many requests may run at once: all, or the one that tries whether the trouble is over. */
  limit(concurrency: number): number {
    return this.#state.at === 'open' ? concurrency : 1;
  }

  /** True when this ends an outage. */
  succeed(): boolean {
    const wasOpen = this.#state.at === 'open';
    this.#state = { at: 'open' };
    return !wasOpen;
  }

  /** Full jitter, so that the processes of a fleet do not come back in step; never sooner than the server asks. */
  fail(cause: LangfuseError, afterMs: number | undefined): void {
    const before = this.#state.at === 'waiting' ? this.#state : undefined;
    const now = this.#clock.now();
    // Requests that were under way together fail together: that is one failure, and the longest wait counts.
    const isSameFailure = before !== undefined && before.untilMs > now;
    const failures = (before?.failures ?? 0) + (isSameFailure ? 0 : 1);
    const ceiling = Math.min(this.#options.maxMs, this.#options.initialMs * 2 ** (failures - 1));
    const backOff = Math.ceil(this.#random() * ceiling);
    const wait = afterMs === undefined ? backOff : Math.max(afterMs, backOff);
    const untilMs = Math.max(now + wait, isSameFailure ? before.untilMs : 0);
    this.#state = { at: 'waiting', untilMs, failures, cause };
  }

  hold(cause: LangfuseError): void {
    const failures = this.#state.at === 'hold' ? this.#state.failures + 1 : 1;
    const wait = Math.min(HOLD_MAX_MS, HOLD_INITIAL_MS * 2 ** (failures - 1));
    this.#state = { at: 'hold', untilMs: this.#clock.now() + wait, failures, cause };
  }

  /** Ends a wait early, for a last try before shutdown. A hold stays: asking again would not help. */
  hurry(): void {
    if (this.#state.at === 'waiting') this.#state = { ...this.#state, untilMs: this.#clock.now() };
  }
}
