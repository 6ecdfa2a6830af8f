import type { ErrorContext, LangfuseError } from '../errors.js';
import type { Clock } from '../ports.js';
import type { Logger } from './logger.js';

/** The same trouble is said again after this long, with how often it happened meanwhile. */
const QUIET_MS = 60_000;
const MAX_SPAN_IDS = 100;

interface Quiet {
  since: number;
  suppressed: number;
}

export type Concern = Omit<ErrorContext, 'destination' | 'spanIds'> & { readonly spanIds?: readonly string[] };

/** Tells `onError` every failure and the logger each kind of failure once a minute. Never throws. */
export class ErrorReporter {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #destination: string;
  readonly #onError: ((error: LangfuseError, context: ErrorContext) => void) | undefined;
  readonly #quiet = new Map<string, Quiet>();

  constructor(
    logger: Logger,
    clock: Clock,
    destination: string,
    onError: ((error: LangfuseError, context: ErrorContext) => void) | undefined,
  ) {
    this.#logger = logger;
    this.#clock = clock;
    this.#destination = destination;
    this.#onError = onError;
  }

  report(error: LangfuseError, { operation, spanCount, spanIds = [] }: Concern): void {
    this.#log(error, operation, spanCount);
    try {
      this.#onError?.(error, {
        operation,
        spanCount,
        spanIds: spanIds.slice(0, MAX_SPAN_IDS),
        destination: this.#destination,
      });
    } catch (thrown) {
      this.#logger.warn('onError threw; its exception is ignored', { thrown: String(thrown) });
    }
  }

  /** The trouble is over: the next one is said at once. */
  recovered(message: string): void {
    if (this.#quiet.size === 0) return;
    this.#quiet.clear();
    this.#logger.warn(message);
  }

  #log(error: LangfuseError, operation: string, spanCount: number): void {
    const kind = `${operation} ${error.code} ${error.status ?? ''}`;
    const now = this.#clock.now();
    const quiet = this.#quiet.get(kind);
    if (quiet && now - quiet.since < QUIET_MS) {
      quiet.suppressed++;
      return;
    }
    this.#quiet.set(kind, { since: now, suppressed: 0 });
    const again = quiet?.suppressed ? { repeated: quiet.suppressed } : {};
    this.#logger.error(`${operation} failed: ${error.message}`, {
      spanCount,
      destination: this.#destination,
      ...again,
    });
  }
}
