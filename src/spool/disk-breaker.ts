import { LangfuseError } from '../errors.js';
import type { Clock, Timer } from '../ports.js';
import type { ErrorReporter } from '../runtime/error-reporter.js';
import type { Logger } from '../runtime/logger.js';
import { errorCode } from './file-system.js';

/** How long a disk that failed is left alone. */
const REST_MS = 30_000;

/** Whether the disk is used. A failure turns the spool into one in memory for half a minute, then it is tried again. */
export class DiskBreaker {
  readonly #clock: Clock;
  readonly #reporter: ErrorReporter;
  readonly #logger: Logger;
  readonly #retry: () => void;
  #trouble: string | undefined;
  #timer: Timer | undefined;

  /** @param retry - called when the disk may be tried again. */
  constructor(clock: Clock, reporter: ErrorReporter, logger: Logger, retry: () => void) {
    this.#clock = clock;
    this.#reporter = reporter;
    this.#logger = logger;
    this.#retry = retry;
  }

  get isUsable(): boolean {
    return this.#timer === undefined;
  }

  /** What is wrong with the disk; undefined while nothing is. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** @param spanCount - spans that are not on disk because of it. */
  fail(doing: string, cause: unknown, spanCount: number): void {
    const code = errorCode(cause);
    this.#trouble = `${doing}: ${code ?? (cause instanceof Error ? cause.message : String(cause))}`;
    this.#timer ??= this.#clock.after(REST_MS, () => {
      this.#timer = undefined;
      this.#retry();
    });
    const text = `the disk failed (${doing}); spans are kept in memory and the disk is tried again in ${REST_MS / 1000} s`;
    const error = new LangfuseError('PERSISTENCE_ERROR', text, { cause, isRetryable: true, details: { code } });
    this.#reporter.report(error, { operation: 'spool', spanCount });
  }

  succeed(): void {
    if (this.#trouble === undefined) return;
    this.#trouble = undefined;
    this.#logger.warn('the disk takes spans again');
  }

  close(): void {
    this.#timer?.cancel();
  }
}
