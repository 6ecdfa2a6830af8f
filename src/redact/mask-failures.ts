import { LangfuseError } from '../errors.js';
import type { Clock } from '../ports.js';
import type { ErrorReporter } from '../runtime/error-reporter.js';
import type { MaskFailure } from './masking.js';

/** A mask that fails, fails for every span: it is told at once, and again after this long. */
const QUIET_MS = 60_000;

const WORDS: { readonly [failure in MaskFailure]: string } = {
  failed: 'the mask failed; what it was asked about was withheld',
  late: 'the mask did not answer in time; what it was asked about was withheld',
  now: 'the process ends and cannot wait for an asynchronous mask; what it was asked about was withheld',
};

/**
 * Tells of masks that gave no answer, and counts what was withheld. The exception's own message is not passed on: it
 * may quote what the mask was given.
 */
export class MaskFailures {
  readonly #reporter: ErrorReporter;
  readonly #clock: Clock;
  readonly #told = new Map<MaskFailure, number>();
  readonly #spans = new Map<MaskFailure, number>();
  #withheld = 0;
  #lastSpan = '';

  constructor(reporter: ErrorReporter, clock: Clock) {
    this.#reporter = reporter;
    this.#clock = clock;
  }

  /** Places in which a marker was sent instead of content. */
  get withheld(): number {
    return this.#withheld;
  }

  add(failure: MaskFailure, key: string, spanId: string, thrown: unknown): void {
    this.#withheld++;
    const spans = (this.#spans.get(failure) ?? 0) + (spanId === this.#lastSpan ? 0 : 1);
    this.#lastSpan = spanId;
    this.#spans.set(failure, spans);
    const toldAt = this.#told.get(failure);
    if (toldAt !== undefined && this.#clock.now() - toldAt < QUIET_MS) return;
    this.#told.set(failure, this.#clock.now());
    this.#spans.set(failure, 0);
    const details = { key, ...(failure === 'failed' ? whereOf(thrown) : {}) };
    const code = failure === 'failed' ? 'INTERNAL_ERROR' : 'TIMEOUT_ERROR';
    const error = new LangfuseError(code, `${WORDS[failure]} (${key})`, { isRetryable: false, details });
    this.#reporter.report(error, { operation: 'mask', spanCount: Math.max(1, spans), spanIds: [spanId] });
  }
}

/** The kind of an exception and the line that threw it: never what it says. */
function whereOf(thrown: unknown): { readonly thrown?: string; readonly at?: string | undefined } {
  if (!(thrown instanceof Error)) return { thrown: typeof thrown };
  const at = thrown.stack?.split('\n').find((line) => /^\s+at .*:\d+:\d+\)?$/.test(line));
  return { thrown: thrown.constructor.name, at: at?.trim() };
}
