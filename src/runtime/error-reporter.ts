import type { ErrorContext, LangfuseError } from '../errors.js';
import type { Clock } from '../ports.js';
import { callSafely } from './call-safely.js';
import type { Logger } from './logger.js';
import { toText } from './to-text.js';

/** The same trouble is said again after this long, with how often it happened meanwhile. */
const QUIET_MS = 60_000;
const MAX_SPAN_IDS = 100;

interface Quiet {
  since: number;
  suppressed: number;
}

export type Concern = Omit<ErrorContext, 'destination' | 'spanIds'> & {
  readonly spanIds?: readonly string[];
  /** Said by itself, although the same code and status may just have been said of something else. */
  readonly topic?: string;
  /** The trouble passes, and that it did will be worth saying: the next success is. */
  readonly passes?: boolean;
};

/** Tells `onError` every failure and the logger each kind of failure once a minute. Never throws. */
export class ErrorReporter {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #destination: string;
  readonly #onError: ((error: LangfuseError, context: ErrorContext) => void) | undefined;
  readonly #quiet = new Map<string, Quiet>();
  /** Trouble was logged, and no success since. */
  #isTroubled = false;

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

  report(error: LangfuseError, { operation, spanCount, spanIds = [], topic = '', passes = false }: Concern): void {
    if (this.#log(error, operation, topic, spanCount)) this.#isTroubled ||= passes;
    const onError = this.#onError;
    if (onError === undefined) return;
    const context = { operation, spanCount, spanIds: spanIds.slice(0, MAX_SPAN_IDS), destination: this.#destination };
    callSafely(
      () => onError(error, context),
      (thrown) => this.#logger.warn('onError threw; its exception is ignored', { thrown: toText(thrown) }),
    );
  }

  /**
   * What failed before works now; said when the trouble was.
   *
   * @param isOver - an outage is over, not only a moment of it: the next one is said at once.
   */
  succeeded(isOver: boolean): void {
    if (isOver) this.#quiet.clear();
    if (!this.#isTroubled) return;
    this.#isTroubled = false;
    this.#logger.warn('Langfuse takes spans again', { destination: this.#destination });
  }

  /** True when it was written. */
  #log(error: LangfuseError, operation: string, topic: string, spanCount: number): boolean {
    const kind = `${operation} ${topic} ${error.code} ${error.status ?? ''}`;
    const now = this.#clock.now();
    const quiet = this.#quiet.get(kind);
    if (quiet && now - quiet.since < QUIET_MS) {
      quiet.suppressed++;
      return false;
    }
    this.#quiet.set(kind, { since: now, suppressed: 0 });
    const again = quiet?.suppressed ? { repeated: quiet.suppressed } : {};
    this.#logger.error(`${operation} failed: ${error.message}`, {
      spanCount,
      destination: this.#destination,
      ...again,
    });
    return true;
  }
}
