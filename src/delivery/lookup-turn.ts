import type { Permit } from './circuit-breaker.js';
import type { DeliveryParts } from './delivery-parts.js';
import type { LookupAnswer, Wanted } from './lookup.js';
import type { BatchControl } from './unsettled.js';

/** How long to wait at a time for what another may change. */
const MAX_REST_MS = 1_000;

export interface Turn {
  /** Clock time before which there is no use in asking. */
  readonly due: number;
  /** Asked when it is due and others are asking: whether to wait for them. */
  readonly mayWait: () => boolean;
  readonly onWaited?: (ms: number) => void;
}

/** `over`: everything ends. `late`: it was not worth waiting for. */
export type NoAnswer = 'over' | 'late';

/** A look-up that waits for its turn: time has passed, the circuit allows it, and there were not too many. */
export class LookupTurn {
  readonly #parts: DeliveryParts;
  readonly #control: BatchControl;

  constructor(parts: DeliveryParts, control: BatchControl) {
    this.#parts = parts;
    this.#control = control;
  }

  async ask(wanted: Wanted, turn: Turn): Promise<LookupAnswer | NoAnswer> {
    const { interrupt } = this.#control;
    const leave = await this.#leave(turn);
    if (interrupt.aborted) return 'over';
    if (leave === undefined) return 'late';
    const answer = await this.#parts.lookup.find(wanted, interrupt);
    if (leave !== 'free') this.#report(leave, answer);
    return answer;
  }

  /** A circuit that may be tried is tried with the look-up. Undefined when there is no more time, or no room, to wait. */
  async #leave({ due, mayWait, onWaited }: Turn): Promise<Permit | 'free' | undefined> {
    const { clock, patience, breaker, lookup } = this.#parts;
    const { interrupt, rest } = this.#control;
    let until = due;
    let isHurried = false;
    while (!interrupt.aborted) {
      const now = clock.now();
      // A shutdown: half of what is left, so that there is time to send it again.
      if (patience.isLimited && !isHurried) until = Math.min(until, now + patience.of(until - now));
      isHurried = patience.isLimited;
      const waitMs = Math.max(until - now, breaker.state === 'closed' ? 0 : breaker.waitMs, lookup.waitMs);
      if (waitMs <= 0) {
        const leave = breaker.state === 'closed' ? 'free' : breaker.permit();
        if (leave !== undefined) return leave;
      } else if (now >= until && !mayWait()) return undefined;
      await rest(Math.min(Math.max(waitMs, 50), MAX_REST_MS));
      onWaited?.(clock.now() - now);
    }
    return undefined;
  }

  #report(permit: Permit, { kind }: LookupAnswer): void {
    const { breaker } = this.#parts;
    if (kind === 'failed') breaker.fail(permit);
    else breaker.succeed(permit);
  }
}
