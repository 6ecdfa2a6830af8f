import type { Outcome, Rejection } from '../outcome.js';
import type { Held } from '../ports.js';
import { Suspicion } from './suspicion.js';
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
  /** At which the server failed. */
  readonly failed: readonly Refused[];
  readonly refused: readonly Refused[];
}

/** Answers that judge record by record. */
export class PartialAnswers {
  readonly #context: BatchContext;
  readonly #suspicion: Suspicion;
  /** Observations of types that the server does not know were sent as spans and generations. */
  #isRetyped = false;

  constructor(context: BatchContext) {
    this.#context = context;
    this.#suspicion = new Suspicion(context);
  }

  async settle(held: readonly Held[], outcome: Outcome & { kind: 'partial' }): Promise<Unsettled> {
    const { parts, lease, bisection } = this.#context;
    const { settlements, server, evidence } = parts;
    const { delivered, refused, failed, ...sorted } = sort(held, outcome);
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
    bisection.good(delivered.length);
    if (delivered.length > 0) evidence.pass();
    const again: Held[] = [...sorted.again];
    for (const { item, rejection } of failed) {
      const verdict = await this.#suspicion.ofOne(item, rejection, { besideOthers: delivered.length > 0 });
      if (verdict !== 'rejected') again.push(item);
    }
    const left = [...again, ...retyped];
    if (again.length > 0) settlements.report(outcome.cause, left, { passes: true });
    return { held: left, atOnce: isOldServer && again.length === 0 };
  }
}

function sort(held: readonly Held[], outcome: Outcome & { kind: 'partial' }): Sorted {
  const delivered: Held[] = [];
  const again: Held[] = [];
  const failed: Refused[] = [];
  const refused: Refused[] = [];
  held.forEach((item, position) => {
    const rejection = outcome.rejected.get(position);
    const failure = outcome.failed?.get(position);
    if (rejection) refused.push({ item, rejection });
    else if (failure) failed.push({ item, rejection: failure });
    else (outcome.retry.has(position) ? again : delivered).push(item);
  });
  return { delivered, again, failed, refused };
}

function isYoung({ item, rejection }: Refused): boolean {
  return rejection.isTypeUnknown === true && !OLD_TYPES.has(item.record.type);
}
