import type { Clock, Held } from '../ports.js';
import type { Wanted } from './lookup.js';
import { type DoubtEnd, PatientLookup } from './patient-lookup.js';
import type { BatchContext } from './unsettled.js';

/** Requests of which it is not known whether they arrived. Looks them up before they are sent again. */
export class Doubt {
  readonly #lookup: PatientLookup;
  readonly #clock: Clock;

  constructor(context: BatchContext) {
    this.#clock = context.parts.clock;
    this.#lookup = new PatientLookup(context);
  }

  /** @param held - the records of such a request, all of it. */
  async resolve(held: readonly Held[]): Promise<DoubtEnd> {
    const witnesses = witnessesOf(held);
    remember(held);
    const { end } = await this.#lookup.find(held, witnesses, this.#clock.now());
    return end;
  }
}

/**
 * Records that were in no other request in doubt, or only in such that held all that this one holds: if one of them is
 * there, all are. Those of one trace, because a question is about one.
 */
function witnessesOf(held: readonly Held[]): Wanted | undefined {
  const provesAll = ({ tries }: Held): boolean =>
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
