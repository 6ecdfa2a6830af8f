import type { Held } from '../ports.js';
import type { LookupAnswer, Wanted } from './lookup.js';
import { LookupTurn } from './lookup-turn.js';
import type { BatchContext } from './unsettled.js';

/** Rows show within a second or two; what does not after both pauses is not there. */
export const PAUSES_MS = [3_000, 10_000] as const;

/** `waiting`: everything ends, and it is still not known. */
export type DoubtEnd = 'found' | 'missing' | 'unverified' | 'waiting';

/** Requests of which it is not known whether they arrived. Looks them up before they are sent again. */
export class Doubt {
  readonly #context: BatchContext;
  readonly #turn: LookupTurn;

  constructor(context: BatchContext) {
    this.#context = context;
    this.#turn = new LookupTurn(context.parts, context.control);
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

  async #lookUp(held: readonly Held[], witnesses: Wanted): Promise<DoubtEnd> {
    const { clock, lookup, patience, retry, hasRoom } = this.#context.parts;
    const { interrupt } = this.#context.control;
    const hasTime = (): boolean =>
      lookup.waitMs <= patience.of(lookup.waitMs) && held.every(({ tries }) => tries.ms < retry.deliveryTimeoutMs / 2);
    const mayWait = (): boolean => hasTime() && hasRoom();
    const onWaited = (ms: number): void => {
      for (const { tries } of held) tries.ms += ms;
    };
    let kind: LookupAnswer['kind'] = 'unknown';
    for (const pauseMs of PAUSES_MS) {
      const answer = await this.#turn.ask(witnesses, { due: clock.now() + pauseMs, mayWait, onWaited });
      if (interrupt.aborted || answer === 'over') return 'waiting';
      if (answer === 'late') return 'unverified';
      kind = answer.kind;
      if (kind === 'found') return 'found';
      if (!lookup.isPossible) return 'unverified';
    }
    return kind === 'missing' ? 'missing' : 'unverified';
  }
}

/**
 * Records that nobody else sends, and that were in no other request in doubt, or only in such that held all that this
 * one holds: if one of them is there, all are. Those of one trace, because a question is about one.
 */
function witnessesOf(held: readonly Held[]): Wanted | undefined {
  const provesAll = ({ tries }: Held): boolean =>
    (!tries.isElsewhere || held.length === 1) &&
    tries.doubts.every((ids) => held.every(({ record }) => ids.has(record.id)));
  const first = held.find(provesAll);
  if (first === undefined) return undefined;
  const { traceId } = first.record;
  const ofTrace = held.filter((item) => item.record.traceId === traceId && provesAll(item));
  return { traceId, spanIds: new Set(ofTrace.map(({ record }) => record.spanId)), enough: 'any' };
}

function remember(held: readonly Held[]): void {
  const ids = new Set(held.map(({ record }) => record.id));
  for (const { tries } of held) tries.doubts.push(ids);
}
