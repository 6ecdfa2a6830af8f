import type { Held } from '../ports.js';
import type { DeliveryParts } from './delivery-parts.js';
import { PAUSES_MS } from './doubt.js';
import type { LookupAnswer, Wanted } from './lookup.js';
import { LookupTurn } from './lookup-turn.js';
import type { BatchControl } from './unsettled.js';

/** After so long what does not show is not there. */
const SHOWN_MS = PAUSES_MS[0] + PAUSES_MS[1];
/** What a shutdown makes of that, which has no more time: rows show within a second or two. */
const HURRIED_MS = PAUSES_MS[0];

/** `waiting`: there was no time to know, and nothing is lost by waiting on, because it is on disk. */
export interface LeftVerdict {
  readonly end: 'found' | 'missing' | 'unverified' | 'waiting';
  /** Those of the records that are there, as far as was looked. */
  readonly found: ReadonlySet<string>;
}

interface Question {
  readonly wanted: Wanted;
  /** Clock time when the request may have left. */
  readonly departedAt: number;
  /** Clock time after which no turn is waited for. */
  readonly until: number;
}

/**
 * Looks for records that were under way when their process ended. Asks at once, because what arrived has had time to
 * show, and because a server that cannot be asked says so; what is not there is asked for once more when rows have had
 * all the time they need, counted from when the request may have left.
 */
export class LeftLookup {
  readonly #parts: DeliveryParts;
  readonly #interrupt: AbortSignal;
  readonly #turn: LookupTurn;

  constructor(parts: DeliveryParts, control: BatchControl) {
    this.#parts = parts;
    this.#interrupt = control.interrupt;
    this.#turn = new LookupTurn(parts, control);
  }

  /** @param enough - all of them have to be there, or one proves the rest. */
  async find(held: readonly Held[], enough: Wanted['enough'], until: number): Promise<LeftVerdict> {
    const { counters, lookup } = this.#parts;
    const found = new Set<string>();
    const question = { wanted: wantedOf(held, enough), departedAt: departedAt(held), until };
    const end = lookup.isPossible ? await this.#ask(question, found) : 'unverified';
    if (end !== 'waiting') counters.add('lookups', end);
    return { end, found };
  }

  async #ask({ wanted, departedAt, until }: Question, found: Set<string>): Promise<LeftVerdict['end']> {
    const { clock, lookup, patience } = this.#parts;
    const shownAt = departedAt + SHOWN_MS;
    const mayWait = (): boolean => clock.now() < until && lookup.waitMs <= patience.of(lookup.waitMs);
    let askedAt = clock.now();
    const onWaited = (): void => {
      askedAt = clock.now();
    };
    let kind: LookupAnswer['kind'] = 'unknown';
    for (const due of askedAt < shownAt ? [askedAt, shownAt] : [askedAt]) {
      askedAt = clock.now();
      const answer = await this.#turn.ask(wanted, { due, mayWait, onWaited });
      if (answer === 'over' || this.#interrupt.aborted) return 'waiting';
      if (answer === 'late') return patience.isLimited ? 'waiting' : 'unverified';
      kind = answer.kind;
      for (const id of answer.found) found.add(id);
      if (kind === 'found') return 'found';
      if (!lookup.isPossible) return 'unverified';
    }
    return this.#conclude(kind, askedAt - departedAt);
  }

  /** @param afterMs - the last question came so long after the request may have left. */
  #conclude(kind: LookupAnswer['kind'], afterMs: number): LeftVerdict['end'] {
    const leastMs = kind === 'missing' ? HURRIED_MS : SHOWN_MS;
    // A shutdown has cut the wait short.
    if (this.#parts.patience.isLimited && afterMs < leastMs) return 'waiting';
    return kind === 'missing' ? 'missing' : 'unverified';
  }
}

/** Those of one trace, because a question is about one. */
function wantedOf(held: readonly Held[], enough: Wanted['enough']): Wanted {
  const traceId = held[0]?.record.traceId ?? '';
  const ofTrace = held.filter(({ record }) => record.traceId === traceId);
  return { traceId, spanIds: new Set(ofTrace.map(({ record }) => record.spanId)), enough, mayNotHaveLeft: true };
}

function departedAt(held: readonly Held[]): number {
  return Math.max(...held.map(({ tries }) => tries.leftInDoubt?.departedAt ?? Number.POSITIVE_INFINITY));
}
