import type { CircuitBreakerStatus, CircuitReason } from '../health.js';
import type { Clock } from '../ports.js';
import { FailureWindow } from './failure-window.js';

export interface CircuitBreakerOptions {
  /** Failures in a row that open it. */
  readonly failureThreshold: number;
  /** Successful probes in a row that close it. */
  readonly successThreshold: number;
  readonly openMs: { readonly initial: number; readonly max: number };
}

/** Leave to send one request. Its result is told with it, so that late results of an older state change nothing. */
export interface Permit {
  readonly generation: number;
  readonly isProbe: boolean;
}

/**
 *            failures                    time is over                 successes
 *  closed ──────────────▶ open ─────────────────────▶ half-open ──────────────▶ closed
 *                          ▲ ▲                          │
 *                          │ └────── probe fails ───────┘
 *  any ── Retry-After ─────┘         (longer each time)
 *  any ── keys, plan, address, certificate ──▶ hold ── time is over ──▶ half-open
 */
type State =
  | { readonly at: 'closed'; readonly since: number }
  | { readonly at: 'open'; readonly until: number; readonly reason: 'failures' | 'throttle' }
  | { readonly at: 'hold'; readonly until: number }
  | { readonly at: 'half-open'; readonly successes: number; readonly isProbing: boolean; readonly from: CircuitReason };

/** Holds are for mistakes that a person mends: half a minute first, up to a quarter of an hour. */
const HOLD_INITIAL_MS = 30_000;
const HOLD_MAX_MS = 900_000;
/** After this long without an opening the next outage starts with short waits again. */
const FORGET_AFTER_MS = 60_000;

/** Decides whether a request may go. Watches results, knows nothing of requests. */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #onChange: (status: CircuitBreakerStatus) => void;
  readonly #window: FailureWindow;
  #state: State;
  #generation = 0;
  #failures = 0;
  #lastFailureWallMs: number | undefined;
  /** How often it opened, or was put on hold, without a lasting recovery between. */
  #openings = 0;
  #holds = 0;

  constructor(
    options: CircuitBreakerOptions,
    clock: Clock,
    onChange: (status: CircuitBreakerStatus) => void = () => {},
    random: () => number = Math.random,
  ) {
    this.#options = options;
    this.#clock = clock;
    this.#onChange = onChange;
    this.#random = random;
    this.#window = new FailureWindow(clock);
    this.#state = { at: 'closed', since: clock.now() };
  }

  /** Milliseconds until a request may go, as far as time decides: 0 when one may, or when a probe is under way. */
  get waitMs(): number {
    const state = this.#state;
    return state.at === 'open' || state.at === 'hold' ? Math.max(0, state.until - this.#clock.now()) : 0;
  }

  get state(): CircuitBreakerStatus['state'] {
    return this.#state.at;
  }

  get reason(): CircuitReason | undefined {
    const state = this.#state;
    if (state.at === 'open') return state.reason;
    return state.at === 'hold' ? 'refused' : undefined;
  }

  /** Leave to send, or undefined: it is too early, or a probe is under way. */
  permit(): Permit | undefined {
    const state = this.#state;
    if (state.at === 'closed') return { generation: this.#generation, isProbe: false };
    if (this.waitMs > 0 || (state.at === 'half-open' && state.isProbing)) return undefined;
    const successes = state.at === 'half-open' ? state.successes : 0;
    const from = state.at === 'half-open' ? state.from : (this.reason ?? 'failures');
    if (state.at === 'half-open') this.#state = { ...state, isProbing: true };
    else this.#enter({ at: 'half-open', successes, isProbing: true, from });
    return { generation: this.#generation, isProbe: true };
  }

  /** The server answered, and not with a failure of its own. True when this closes the circuit. */
  succeed(permit: Permit): boolean {
    if (permit.generation !== this.#generation) return false;
    this.#failures = 0;
    this.#window.add(true);
    const state = this.#state;
    if (state.at !== 'half-open') return false;
    const successes = state.successes + 1;
    if (successes < this.#options.successThreshold) {
      this.#state = { ...state, successes, isProbing: false };
      return false;
    }
    this.#close();
    return true;
  }

  /** @param othersPass - it is something in this request: an open circuit stays so, but not longer than the first time. */
  fail(permit: Permit, othersPass: boolean = false): void {
    this.#noteFailure();
    if (permit.generation !== this.#generation) return;
    const state = this.#state;
    if (state.at === 'half-open') {
      if (othersPass) this.#openings = 0;
      this.#open('failures');
      return;
    }
    this.#window.add(false);
    if (this.#failures >= this.#options.failureThreshold || this.#window.isMostlyFailing) this.#open('failures');
  }

  /** The server asked to stay away for `ms`. Never shortens a wait, and is nobody's failure. */
  throttle(permit: Permit, ms: number): void {
    if (this.#state.at === 'hold') return;
    if (permit.generation !== this.#generation && this.#state.at !== 'open') return;
    const until = this.#clock.now() + ms + Math.ceil(this.#random() * 0.1 * ms);
    if (this.#state.at === 'open' && this.#state.until >= until) return;
    this.#enter({ at: 'open', until, reason: 'throttle' });
  }

  /** What a person has to mend: asked again slowly, whatever the state was. */
  hold(permit: Permit): void {
    this.#noteFailure();
    if (permit.generation !== this.#generation) return;
    const wait = Math.min(HOLD_MAX_MS, HOLD_INITIAL_MS * 2 ** this.#holds);
    this.#holds++;
    this.#enter({ at: 'hold', until: this.#clock.now() + wait });
  }

  /** The request was given up by ourselves: says nothing about the server. */
  cancel(permit: Permit): void {
    const state = this.#state;
    if (permit.generation === this.#generation && permit.isProbe && state.at === 'half-open') {
      this.#state = { ...state, isProbing: false };
    }
  }

  /** Ends a wait for failures early, for one last try. Waits the server asked for, and holds, stay. */
  hurry(): void {
    const state = this.#state;
    if (state.at === 'open' && state.reason === 'failures') this.#state = { ...state, until: this.#clock.now() };
  }

  /** Operator's override: closed, as if nothing had happened. */
  reset(): void {
    this.#failures = 0;
    this.#openings = 0;
    this.#close();
  }

  status(): CircuitBreakerStatus {
    const { waitMs } = this;
    const isShut = this.#state.at === 'open' || this.#state.at === 'hold';
    return {
      state: this.#state.at,
      failures: this.#failures,
      lastFailure: this.#lastFailureWallMs === undefined ? undefined : new Date(this.#lastFailureWallMs).toISOString(),
      openUntil: isShut ? new Date(this.#clock.wallMs() + waitMs).toISOString() : undefined,
      reason: this.#state.at === 'half-open' ? this.#state.from : this.reason,
    };
  }

  #noteFailure(): void {
    this.#failures++;
    this.#lastFailureWallMs = this.#clock.wallMs();
  }

  #open(reason: 'failures'): void {
    if (this.#state.at === 'closed' && this.#clock.now() - this.#state.since >= FORGET_AFTER_MS) this.#openings = 0;
    const { initial, max } = this.#options.openMs;
    const longest = Math.min(max, initial * 2 ** this.#openings);
    this.#openings++;
    // At least half of it, so that an outage is not hammered; the rest at random, so that a fleet does not come in step.
    const wait = longest / 2 + (this.#random() * longest) / 2;
    this.#enter({ at: 'open', until: this.#clock.now() + wait, reason });
  }

  #close(): void {
    this.#holds = 0;
    this.#window.clear();
    this.#enter({ at: 'closed', since: this.#clock.now() });
  }

  #enter(next: State): void {
    this.#generation++;
    this.#state = next;
    this.#onChange(this.status());
  }
}
