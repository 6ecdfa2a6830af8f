export interface QueueOptions {
  /**
   * Environment: `OTEL_BSP_MAX_QUEUE_SIZE`.
   * @defaultValue `32_768`
   */
  readonly maxSpans?: number | undefined;
  /**
   * Estimated, by the length of the strings in a span.
   * @defaultValue `67_108_864` (64 MiB)
   */
  readonly maxBytes?: number | undefined;
}

export interface ConcurrencyOptions {
  /** @defaultValue `4` */
  readonly initial?: number | undefined;
  /** @defaultValue `12` */
  readonly max?: number | undefined;
}

export interface RetryOptions {
  /**
   * Attempts of one span at most; probes of an open circuit do not count.
   * @defaultValue no limit
   */
  readonly maxAttempts?: number | undefined;
  /**
   * Longest first wait, milliseconds; each further one may be twice as long. Waits are random below it (full jitter).
   * @defaultValue `500`
   */
  readonly initialMs?: number | undefined;
  /** @defaultValue `30_000` */
  readonly maxMs?: number | undefined;
  /**
   * Milliseconds of trying after which a span is given up (`delivery_timeout`). The time in which the circuit is open
   * does not count.
   * @defaultValue `300_000`; with `persistence.directory` its `maxAgeMs`
   */
  readonly deliveryTimeoutMs?: number | undefined;
}

export interface CircuitBreakerOptions {
  /**
   * Failed requests in a row that open the circuit.
   * @defaultValue `5`
   */
  readonly failureThreshold?: number | undefined;
  /**
   * Successful requests in a row that close it again.
   * @defaultValue `2`
   */
  readonly successThreshold?: number | undefined;
  /** Milliseconds it stays open the first time, and at most; in between it doubles. */
  readonly openMs?: { readonly initial?: number | undefined; readonly max?: number | undefined } | undefined;
}
