import type { Rejection } from '../outcome.js';
import type { Held } from '../ports.js';
import type { BatchContext } from './unsettled.js';

/** So often a record must fail alone while the server works: a server may stumble once over anything. */
const ALONE_FAILURES = 4;
/** Nothing but the health endpoint speaks for a server that never took anything beside the record: then it takes longer. */
const HEALTH_ALONE_MS = 30_000;

/** `server`: everything may be failing. `split`: others pass, so it is something in this batch. */
type BatchVerdict = 'server' | 'split';

/** `record`: others pass, so it is this record. `rejected`: and that was the last time. */
type RecordVerdict = 'server' | 'record' | 'rejected';

/**
 * Finds the record that the server fails at, in a batch that it answers with 5xx. Langfuse v2 does so, for ever, for a
 * value that its database refuses; a proxy does so for words it does not like.
 */
export class Suspicion {
  readonly #context: BatchContext;

  constructor(context: BatchContext) {
    this.#context = context;
  }

  /** A request of several records failed. */
  ofBatch(held: readonly Held[]): BatchVerdict {
    const { evidence } = this.#context.parts;
    const othersPass = held.some(({ tries }) => evidence.hasPassedSince(tries.suspicion.seen));
    evidence.fail();
    for (const { tries } of held) tries.suspicion.seen = evidence.now();
    return othersPass ? 'split' : 'server';
  }

  /**
   * A record failed by itself; the last time, it is settled as rejected.
   *
   * @param named - the answer to a larger request names it, and says whether others were taken.
   */
  async ofOne(item: Held, rejection: Rejection, named?: { readonly besideOthers: boolean }): Promise<RecordVerdict> {
    const { parts, lease } = this.#context;
    const { evidence, clock, settlements } = parts;
    const { suspicion } = item.tries;
    evidence.suspect(suspicion);
    const besideOthers = named?.besideOthers === true;
    const isNew = suspicion.seen === undefined;
    if (isNew && !besideOthers) evidence.fail();
    const othersPass = besideOthers || evidence.hasPassedSince(suspicion.seen);
    suspicion.isProven ||= othersPass;
    suspicion.isApart ||= suspicion.isProven && named === undefined;
    const works = besideOthers || evidence.worksSince(suspicion.seen) || (!isNew && (await this.#isAllThereIs()));
    if (works) suspicion.alone++;
    suspicion.since ??= clock.now();
    suspicion.seen = evidence.now();
    const isLongEnough = suspicion.isProven || clock.now() - suspicion.since >= HEALTH_ALONE_MS;
    if (suspicion.alone < ALONE_FAILURES || !isLongEnough)
      return othersPass || (suspicion.isProven && works) ? 'record' : 'server';
    settlements.rejected(lease, [item], explained(item, rejection));
    return 'rejected';
  }

  /** Nothing is there but records that fail alone, and the server says that it is well. */
  async #isAllThereIs(): Promise<boolean> {
    const { spool, evidence, server } = this.#context.parts;
    const others = spool.waiting + spool.leased - evidence.suspects;
    return others <= 0 && (await server.isHealthy());
  }
}

function explained({ record }: Held, { status, message }: Rejection): Rejection {
  const text =
    `span ${record.spanId} of trace ${record.traceId} fails each time, and others do not: ${message}; ` +
    "the server's log says why, and a filter (shouldExportSpan) or a mask can keep what it fails at from being sent";
  return { status, message: text };
}
