import type { PipelineParts } from './assembly/pipeline-parts.js';
import { LangfuseError } from './errors.js';
import { finishReplay } from './finish-replay.js';
import type { OpenSpans } from './intake/open-spans.js';
import type { SpanGroup } from './intake/span-group.js';
import type { SpanGroups } from './intake/span-groups.js';
import type { QueuedSpan } from './intake/span-queue.js';
import type { DropReason } from './model.js';
import { within } from './runtime/deadline.js';

/** How long a shutdown waits for spans that have started to end. */
const GRACE_MS = 250;

/** What a shutdown needs to know of the spans that came in. */
export interface ShutdownSurroundings {
  readonly openSpans: OpenSpans;
  readonly groups: SpanGroups;
  readonly waitFor: (groups: readonly SpanGroup[], deadline: number) => Promise<boolean>;
}

/** The end of a pipeline: everything delivered, or on disk, or counted as lost, before the deadline. */
export class Shutdown {
  readonly #parts: PipelineParts;
  readonly #around: ShutdownSurroundings;

  constructor(parts: PipelineParts, around: ShutdownSurroundings) {
    this.#parts = parts;
    this.#around = around;
  }

  /** True when time was over before everything was settled. */
  async run(timeoutMs: number): Promise<boolean> {
    const { clock, intake, records, batcher, store, delivery } = this.#parts;
    const { openSpans, groups, waitFor } = this.#around;
    const deadline = clock.now() + timeoutMs;
    const drainedBy = deadline - store.sealingMs(timeoutMs);
    delivery.drain(drainedBy);
    batcher.drain();
    // The operations around a shutdown are often just ending themselves.
    const noneOpen = openSpans.whenNone();
    if (noneOpen !== undefined) await within(clock, Math.min(GRACE_MS, timeoutMs / 4), noneOpen);
    intake.admission.close();
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
    const { clock, intake, records, store } = this.#parts;
    const deadline = clock.now() + budgetMs;
    intake.admission.close();
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
    const drop = (queued: QueuedSpan): void => {
      if (records.leave(queued)) return;
      ledger.drop('shutdown_deadline', 1);
      queued.group.settle('dropped', 1, error);
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
