import type { Delivery } from './assembly.js';
import type { Settlements } from './delivery/settlement.js';
import { LangfuseError } from './errors.js';
import { finishReplay } from './finish-replay.js';
import type { Batcher } from './intake/batcher.js';
import type { OpenSpans } from './intake/open-spans.js';
import type { SpanGroup } from './intake/span-group.js';
import type { SpanGroups } from './intake/span-groups.js';
import type { QueuedSpan, SpanQueue } from './intake/span-queue.js';
import type { LedgerBook } from './ledger/ledger.js';
import type { DropReason } from './model.js';
import type { Clock } from './ports.js';
import type { Records } from './records.js';
import { within } from './runtime/deadline.js';
import type { Store } from './store.js';

/** How long a shutdown waits for spans that have started to end. */
const GRACE_MS = 250;

export interface ShutdownParts {
  readonly clock: Clock;
  readonly openSpans: OpenSpans;
  readonly admission: { close(): void };
  readonly queue: SpanQueue;
  readonly groups: SpanGroups;
  readonly batcher: Batcher;
  readonly records: Records;
  readonly store: Store;
  readonly delivery: Delivery;
  readonly settlements: Settlements;
  readonly ledger: LedgerBook;
  readonly waitFor: (groups: readonly SpanGroup[], deadline: number) => Promise<boolean>;
}

/** The end of a pipeline: everything delivered, or on disk, or counted as lost, before the deadline. */
export class Shutdown {
  readonly #parts: ShutdownParts;

  constructor(parts: ShutdownParts) {
    this.#parts = parts;
  }

  /** True when time was over before everything was settled. */
  async run(timeoutMs: number): Promise<boolean> {
    const { clock, openSpans, admission, records, groups, batcher, store, delivery, waitFor } = this.#parts;
    const deadline = clock.now() + timeoutMs;
    const drainedBy = deadline - store.sealingMs(timeoutMs);
    delivery.drain(drainedBy);
    batcher.drain();
    // The operations around a shutdown are often just ending themselves.
    const noneOpen = openSpans.whenNone();
    if (noneOpen !== undefined) await within(clock, Math.min(GRACE_MS, timeoutMs / 4), noneOpen);
    admission.close();
    records.logs?.close();
    batcher.drain();
    const deadlineHit = await waitFor(groups.cut(), drainedBy);
    await records.logs?.flush(drainedBy - clock.now());
    if (!deadlineHit) await finishReplay(clock, delivery.loop, store, drainedBy);
    await delivery.loop.stop();
    records.logs?.stop();
    this.#saveRest(deadline);
    await store.seal(deadline);
    this.#dropRest();
    await records.content.close();
    await delivery.transport.close();
    return deadlineHit;
  }

  /** The process ends, and waits for nothing: what is held goes to disk. */
  saveNow(budgetMs: number): void {
    const { clock, admission, records, store } = this.#parts;
    const deadline = clock.now() + budgetMs;
    admission.close();
    records.logs?.close();
    this.#saveRest(deadline);
    store.sealNow(deadline);
    this.#dropRest();
  }

  /** What is not a record yet becomes one at once, for the disk. */
  #saveRest(deadline: number): void {
    const { store, clock, queue, records } = this.#parts;
    const { preparation } = records;
    if (!store.isPersistent) return;
    for (const queued of preparation.abandon()) queue.push(queued);
    while (clock.now() < deadline) {
      const queued = queue.take();
      if (queued === undefined) return;
      preparation.processNow(queued);
    }
  }

  #dropRest(): void {
    const { queue, records, store, settlements, ledger } = this.#parts;
    const error = new LangfuseError('SHUTDOWN_ERROR', 'the span was not delivered before the shutdown ended');
    const drop = ({ group }: QueuedSpan): void => {
      ledger.drop('shutdown_deadline', 1);
      group.settle('dropped', 1, error);
    };
    for (const queued of records.preparation.abandon()) drop(queued);
    for (let queued = queue.take(); queued; queued = queue.take()) drop(queued);
    const lease = store.spool.lease(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    for (const item of lease?.held ?? []) {
      const reason: DropReason = item.tries.mayHaveArrived ? 'ambiguous' : 'shutdown_deadline';
      if (lease) settlements.dropped(lease, [item], reason, error);
    }
  }
}
