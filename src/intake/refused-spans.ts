import { LangfuseError } from '../errors.js';
import type { Clock, Timer } from '../ports.js';
import type { ErrorReporter } from '../runtime/error-reporter.js';

/** At 100,000 spans a second nobody wants to hear of each. */
const TELL_MS = 1_000;

const TEXTS = {
  queue_full: 'spans were refused, because the queue is full and nothing in it could be given up',
  backpressure: 'spans of new traces were refused, because the queue is filling up',
} as const;

/** Why a span is refused for want of room. */
export type Overload = keyof typeof TEXTS;

/** Tells of spans that were refused for want of room: together, and never on the application's stack. */
export class RefusedSpans {
  readonly #reporter: ErrorReporter;
  readonly #clock: Clock;
  readonly #counts: { [reason in Overload]: number } = { queue_full: 0, backpressure: 0 };
  #timer: Timer | undefined;

  constructor(reporter: ErrorReporter, clock: Clock) {
    this.#reporter = reporter;
    this.#clock = clock;
  }

  add(reason: Overload): void {
    this.#counts[reason]++;
    this.#timer ??= this.#clock.after(TELL_MS, () => this.tell());
  }

  /** Tells at once what was not told yet. */
  tell(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    for (const reason of ['queue_full', 'backpressure'] as const) {
      const spanCount = this.#counts[reason];
      if (spanCount === 0) continue;
      this.#counts[reason] = 0;
      const error = new LangfuseError('BACKPRESSURE_ERROR', TEXTS[reason], {
        isRetryable: false,
        details: { reason },
      });
      this.#reporter.report(error, { operation: 'export', spanCount });
    }
  }
}
