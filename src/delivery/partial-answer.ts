import type { Outcome, Rejection } from '../model.js';
import type { Held } from '../ports.js';
import type { BatchContext, Unsettled } from './unsettled.js';

/** Types that servers before 3.98.2 reject. */
const OLD_TYPES: ReadonlySet<string> = new Set(['span', 'generation', 'event']);

interface Refused {
  readonly item: Held;
  readonly rejection: Rejection;
}

interface Sorted {
  readonly delivered: readonly Held[];
  readonly again: readonly Held[];
  readonly refused: readonly Refused[];
}

/** Answers that judge record by record. */
export class PartialAnswers {
  readonly #context: BatchContext;
  /** Observations of types that the server does not know were sent as spans and generations. */
  #isRetyped = false;

  constructor(context: BatchContext) {
    this.#context = context;
  }

  /** @param good - told how many were delivered. */
  settle(held: readonly Held[], outcome: Outcome & { kind: 'partial' }, good: (records: number) => void): Unsettled {
    const { parts, lease } = this.#context;
    const { settlements, server } = parts;
    const { delivered, again, refused } = sort(held, outcome);
    settlements.traceEventsRefused(outcome.traceEventRejections);
    // Once: a server that refuses the old types as well would be asked for ever.
    const isOldServer = !this.#isRetyped && refused.some(isYoung);
    if (isOldServer) {
      this.#isRetyped = true;
      server.lacksTypes();
    }
    const retyped = isOldServer ? refused.filter(isYoung).map(({ item }) => item) : [];
    for (const { item, rejection } of refused) {
      if (!retyped.includes(item)) settlements.rejected(lease, [item], rejection);
    }
    settlements.delivered(lease, delivered);
    good(delivered.length);
    const left = [...again, ...retyped];
    if (again.length > 0) settlements.report(outcome.cause, left, true);
    return { held: left, atOnce: isOldServer && again.length === 0 };
  }
}

function sort(held: readonly Held[], { rejected, retry }: Outcome & { kind: 'partial' }): Sorted {
  const delivered: Held[] = [];
  const again: Held[] = [];
  const refused: Refused[] = [];
  held.forEach((item, position) => {
    const rejection = rejected.get(position);
    if (rejection) refused.push({ item, rejection });
    else (retry.has(position) ? again : delivered).push(item);
  });
  return { delivered, again, refused };
}

function isYoung({ item, rejection }: Refused): boolean {
  return rejection.isTypeUnknown === true && !OLD_TYPES.has(item.record.type);
}
