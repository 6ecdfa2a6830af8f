import { LangfuseError } from '../errors.js';
import type { Clock } from '../ports.js';
import type { ErrorReporter } from '../runtime/error-reporter.js';

/** Tells of spans that could not be judged at the door: together, and never on the application's stack. */
export class BrokenAdmissions {
  readonly #reporter: ErrorReporter;
  readonly #clock: Clock;
  #count = 0;
  #cause: unknown;

  constructor(reporter: ErrorReporter, clock: Clock) {
    this.#reporter = reporter;
    this.#clock = clock;
  }

  add(cause: unknown): void {
    this.#count++;
    this.#cause = cause;
    if (this.#count === 1) this.#clock.soon(() => this.tell());
  }

  /** Tells at once what was not told yet. */
  tell(): void {
    if (this.#count === 0) return;
    const text = 'spans were refused, because they could not be read or shouldExportSpan failed';
    const error = new LangfuseError('INTERNAL_ERROR', text, { cause: this.#cause, isRetryable: false });
    this.#reporter.report(error, { operation: 'export', spanCount: this.#count });
    this.#count = 0;
  }
}
