import type { Held } from '../ports.js';
import type { Permit } from './circuit-breaker.js';
import type { LookupAnswer, Wanted } from './lookup.js';
import type { BatchContext } from './unsettled.js';

/** Rows show within a second or two; what does not after both pauses is not there. */
const PAUSES_MS = [3_000, 10_000] as const;
/** How long to wait at a time for what another may change. */
const MAX_REST_MS = 1_000;

/** `waiting`: everything ends, and it is still not known. */
export type DoubtEnd = 'found' | 'missing' | 'unverified' | 'waiting';

export interface LookedUp {
  readonly end: DoubtEnd;
  /** Those of the wanted ids that are there. */
  readonly found: ReadonlySet<string>;
}

/** A look-up that waits for its turn: time has passed, the circuit allows it, and there were not too many. */
export class PatientLookup {
  readonly #context: BatchContext;

  constructor(context: BatchContext) {
    this.#context = context;
  }

  /**
   * @param held - the records that wait for it.
   * @param wanted - absent when there is nothing to look for.
   * @param since - from when on rows may have come to show.
   */
  async find(held: readonly Held[], wanted: Wanted | undefined, since: number): Promise<LookedUp> {
    const { lookup, counters } = this.#context.parts;
    const found = new Set<string>();
    const isPossible = wanted !== undefined && lookup.isPossible;
    const end = isPossible ? await this.#lookUp(held, wanted, found, since) : 'unverified';
    if (end !== 'waiting') counters.add('lookups', end);
    return { end, found };
  }

  async #lookUp(held: readonly Held[], wanted: Wanted, found: Set<string>, since: number): Promise<DoubtEnd> {
    const { parts, control } = this.#context;
    let kind: LookupAnswer['kind'] = 'unknown';
    // Where both pauses are over, one question says all.
    const isLate = parts.clock.now() - since >= PAUSES_MS[0] + PAUSES_MS[1];
    let from = since;
    for (const pauseMs of isLate ? [0] : PAUSES_MS) {
      const leave = await this.#pause(held, from + pauseMs);
      if (control.interrupt.aborted) return 'waiting';
      if (leave === undefined) return 'unverified';
      const answer = await parts.lookup.find(wanted, control.interrupt);
      from = parts.clock.now();
      kind = answer.kind;
      for (const id of answer.found) found.add(id);
      if (leave !== 'free') this.#report(leave, answer);
      if (control.interrupt.aborted) return 'waiting';
      if (kind === 'found') return 'found';
      if (!parts.lookup.isPossible) return 'unverified';
    }
    return kind === 'missing' ? 'missing' : 'unverified';
  }

  /** A circuit that may be tried is tried with the look-up. Undefined when there is no more time, or no room, to wait. */
  async #pause(held: readonly Held[], due: number): Promise<Permit | 'free' | undefined> {
    const { clock, patience, breaker, lookup, retry, hasRoom } = this.#context.parts;
    const { interrupt, rest } = this.#context.control;
    let until = due;
    let isHurried = false;
    const hasTime = (): boolean =>
      lookup.waitMs <= patience.of(lookup.waitMs) && held.every(({ tries }) => tries.ms < retry.deliveryTimeoutMs / 2);
    while (!interrupt.aborted) {
      const now = clock.now();
      // A shutdown: half of what is left, so that there is time to send it again.
      if (patience.isLimited && !isHurried) until = Math.min(until, now + patience.of(until - now));
      isHurried = patience.isLimited;
      const waitMs = Math.max(until - now, breaker.state === 'closed' ? 0 : breaker.waitMs, lookup.waitMs);
      if (waitMs <= 0) {
        const leave = breaker.state === 'closed' ? 'free' : breaker.permit();
        if (leave !== undefined) return leave;
      } else if (now >= until && !(hasTime() && hasRoom())) return undefined;
      const restMs = Math.min(Math.max(waitMs, 50), MAX_REST_MS);
      await rest(restMs);
      for (const { tries } of held) tries.ms += clock.now() - now;
    }
    return undefined;
  }

  #report(permit: Permit, { kind }: LookupAnswer): void {
    const { breaker } = this.#context.parts;
    if (kind === 'failed') breaker.fail(permit);
    else breaker.succeed(permit);
  }
}
