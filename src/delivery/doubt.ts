import type { Held } from '../ports.js';
import type { Permit } from './circuit-breaker.js';
import type { LookupAnswer } from './lookup.js';
import type { BatchContext } from './unsettled.js';

/** Rows show within a second or two; what does not after both pauses is not there. */
const PAUSES_MS = [3_000, 10_000] as const;
/** How long to wait at a time for what another may change. */
const MAX_REST_MS = 1_000;

/** `waiting`: everything ends, and it is still not known. */
export type DoubtEnd = 'found' | 'missing' | 'unverified' | 'waiting';

/** What can be looked for: any of these being there means that the request arrived. */
interface Witnesses {
  readonly traceId: string;
  readonly spanIds: ReadonlySet<string>;
}

/** Requests of which it is not known whether they arrived. Looks them up before they are sent again. */
export class Doubt {
  readonly #context: BatchContext;

  constructor(context: BatchContext) {
    this.#context = context;
  }

  /** @param held - the records of such a request, all of it. */
  async resolve(held: readonly Held[]): Promise<DoubtEnd> {
    const { lookup, counters } = this.#context.parts;
    const witnesses = witnessesOf(held);
    remember(held);
    const isPossible = witnesses !== undefined && lookup.isPossible;
    const end = isPossible ? await this.#lookUp(held, witnesses) : 'unverified';
    if (end !== 'waiting') counters.add('lookups', end);
    return end;
  }

  async #lookUp(held: readonly Held[], { traceId, spanIds }: Witnesses): Promise<DoubtEnd> {
    const { parts, control } = this.#context;
    let answer: LookupAnswer = 'unknown';
    for (const pauseMs of PAUSES_MS) {
      const leave = await this.#pause(held, pauseMs);
      if (control.interrupt.aborted) return 'waiting';
      if (leave === undefined) return 'unverified';
      answer = await parts.lookup.find(traceId, spanIds, control.interrupt);
      if (leave !== 'free') this.#report(leave, answer);
      if (control.interrupt.aborted) return 'waiting';
      if (answer === 'found') return 'found';
      if (!parts.lookup.isPossible) return 'unverified';
    }
    return answer === 'missing' ? 'missing' : 'unverified';
  }

  /**
   * Waits until a look-up may go: time has passed, the circuit is closed, and there were not too many. A circuit that
   * may be tried is tried with the look-up. Undefined when there is no more time, or no room, to wait.
   */
  async #pause(held: readonly Held[], pauseMs: number): Promise<Permit | 'free' | undefined> {
    const { clock, patience, breaker, lookup, retry, hasRoom } = this.#context.parts;
    const { interrupt, rest } = this.#context.control;
    const startedAt = clock.now();
    let until = startedAt + pauseMs;
    let isHurried = false;
    const hasTime = (): boolean => held.every(({ tries }) => tries.ms < retry.deliveryTimeoutMs / 2);
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

  #report(permit: Permit, answer: LookupAnswer): void {
    const { breaker } = this.#context.parts;
    if (answer === 'failed') breaker.fail(permit);
    else breaker.succeed(permit);
  }
}

/**
 * Records that were in no other request in doubt, or only in such that held all that this one holds: if one of them is
 * there, all are. Those of one trace, because a question is about one.
 */
function witnessesOf(held: readonly Held[]): Witnesses | undefined {
  const provesAll = ({ tries }: Held): boolean =>
    tries.doubts.every((ids) => held.every(({ record }) => ids.has(record.id)));
  const first = held.find(provesAll);
  if (first === undefined) return undefined;
  const { traceId } = first.record;
  const ofTrace = held.filter((item) => item.record.traceId === traceId && provesAll(item));
  return { traceId, spanIds: new Set(ofTrace.map(({ record }) => record.spanId)) };
}

function remember(held: readonly Held[]): void {
  const ids = new Set(held.map(({ record }) => record.id));
  for (const { tries } of held) tries.doubts.push(ids);
}
