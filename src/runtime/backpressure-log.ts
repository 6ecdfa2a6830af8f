import type { BackpressureStatus } from '../health.js';
import type { Clock } from '../ports.js';
import { callSafely } from './call-safely.js';
import type { Logger } from './logger.js';
import { toText } from './to-text.js';

/** Spans that were turned away so far. */
export interface TurnedAwayCounts {
  readonly sampledOut: number;
  readonly refused: number;
}

interface Begun extends TurnedAwayCounts {
  readonly at: number;
}

/** Says when spans begin to be turned away and, with totals, when that ends; tells the application of every change. */
export class BackpressureLog {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #counts: () => TurnedAwayCounts;
  readonly #onChange: ((status: BackpressureStatus) => unknown) | undefined;
  #begun: Begun | undefined;
  #lowestRate = 1;

  constructor(
    logger: Logger,
    clock: Clock,
    counts: () => TurnedAwayCounts,
    onChange: ((status: BackpressureStatus) => unknown) | undefined,
  ) {
    this.#logger = logger;
    this.#clock = clock;
    this.#counts = counts;
    this.#onChange = onChange;
  }

  changed(status: BackpressureStatus): void {
    this.#lowestRate = Math.min(this.#lowestRate, status.samplingRate);
    if (status.isUnderPressure && this.#begun === undefined) this.#begins(status);
    else if (!status.isUnderPressure && this.#begun !== undefined) this.#ends(this.#begun);
    const onChange = this.#onChange;
    if (onChange === undefined) return;
    // Later: the status may change inside the application's `span.end()`.
    this.#clock.soon(() =>
      callSafely(
        () => onChange(status),
        (thrown) => this.#logger.warn('onBackpressure threw; its exception is ignored', { thrown: toText(thrown) }),
      ),
    );
  }

  #begins({ utilization, samplingRate }: BackpressureStatus): void {
    this.#begun = { ...this.#counts(), at: this.#clock.now() };
    this.#lowestRate = samplingRate;
    const used = `${Math.round(100 * utilization)} % of the room for spans is used`;
    this.#logger.warn(`overload: ${used}, more comes than goes`, { samplingRate });
  }

  #ends(begun: Begun): void {
    this.#begun = undefined;
    const { sampledOut, refused } = this.#counts();
    this.#logger.warn('overload is over: all traces are kept again', {
      seconds: Math.round((this.#clock.now() - begun.at) / 1000),
      sampledOut: sampledOut - begun.sampledOut,
      refused: refused - begun.refused,
      lowestSamplingRate: this.#lowestRate,
    });
  }
}
