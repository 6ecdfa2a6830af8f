import type { AttemptKind } from '../model.js';
import type { Outcome } from '../outcome.js';
import type { Clock } from '../ports.js';
import type { Send } from './delivery-parts.js';

/** Is told of requests, to count them. */
export interface DeliveryWatch {
  attempted(kind: AttemptKind, outcome: Outcome['kind']): void;
  /** @param last - what the last request came to. */
  concluded(ms: number, last: Outcome): void;
}

/** All requests that are made for one lease: says of each what it was, and of all of them how long they took. */
export class Operation {
  readonly #watch: DeliveryWatch;
  readonly #clock: Clock;
  #startedAt: number | undefined;
  #last: Outcome | undefined;
  readonly send: Send;

  constructor(send: Send, isProbe: boolean, watch: DeliveryWatch, clock: Clock) {
    this.#watch = watch;
    this.#clock = clock;
    this.send = async (...request) => {
      this.#startedAt ??= clock.now();
      const kind = kindAfter(this.#last, isProbe);
      const outcome = await send(...request);
      this.#last = outcome;
      watch.attempted(kind, outcome.kind);
      return outcome;
    };
  }

  /** The lease is settled, or back in the spool. */
  end(): void {
    if (this.#startedAt === undefined || this.#last === undefined) return;
    this.#watch.concluded(this.#clock.now() - this.#startedAt, this.#last);
  }
}

function kindAfter(last: Outcome | undefined, isProbe: boolean): AttemptKind {
  if (last === undefined) return isProbe ? 'probe' : 'first';
  return last.kind === 'refused' || last.kind === 'too_large' ? 'part' : 'retry';
}
