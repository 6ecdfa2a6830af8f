export interface RetryOptions {
  /** Attempts of one span; probes of an open circuit are not counted. */
  readonly maxAttempts: number;
  readonly initialMs: number;
  readonly maxMs: number;
  /** Time spent trying one span; waiting for an open circuit is not counted. */
  readonly deliveryTimeoutMs: number;
}

/**
 * The wait before attempt `attempt` (1 for the first repeat): anything up to a ceiling that doubles (full jitter), and
 * never less than the server asked for.
 */
export function retryDelayMs(
  attempt: number,
  { initialMs, maxMs }: Pick<RetryOptions, 'initialMs' | 'maxMs'>,
  afterMs: number | undefined,
  random: () => number,
): number {
  const ceiling = Math.min(maxMs, initialMs * 2 ** Math.min(attempt - 1, 30));
  const wait = Math.ceil(random() * ceiling);
  return afterMs === undefined ? wait : Math.max(wait, afterMs + Math.ceil(random() * Math.min(1_000, afterMs * 0.1)));
}

const CAPACITY = 10;
const REFUND = 0.2;

/**
 * Keeps repeats to about a fifth of all requests: each takes a token, each success gives back a part of one. Without
 * tokens a batch goes back to wait, and the circuit decides. (Google SRE: retry budgets; AWS SDKs: retry quota.)
 */
export class RetryBudget {
  #tokens = CAPACITY;

  /** @param isThrottled - the server asked to wait: that repeat is expected, and costs half. */
  take(isThrottled: boolean): boolean {
    const cost = isThrottled ? 0.5 : 1;
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }

  refund(): void {
    this.#tokens = Math.min(CAPACITY, this.#tokens + REFUND);
  }
}
