import type { PipelineParts } from '../assembly/pipeline-parts.js';
import { LangfuseError } from '../errors.js';
import type { OpenSpans } from '../intake/open-spans.js';
import type { SpanGroup } from '../intake/span-group.js';
import type { SpanGroups } from '../intake/span-groups.js';
import type { QueuedSpan } from '../intake/span-queue.js';
import type { DropReason } from '../model.js';
import { within } from '../runtime/deadline.js';
import { finishReplay } from './finish-replay.js';
import { savingTime } from './saving-time.js';

/** How long a shutdown waits for spans that have started to end. */
const GRACE_MS = 250;
/** So long nobody else has a turn while the rest is saved. */
const SAVING_SLICE_MS = 50;
/** What was translated last has to be written, too. */
const LAST_WRITE_MS = 20;
/** Not worth another wait. */
const LEAST_WAIT_MS = 10;

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
    const drainedBy = (): number => deadline - this.#savingMs(timeoutMs);
    delivery.drain(deadline - store.sealingMs(timeoutMs));
    batcher.drain();
    // The operations around a shutdown are often just ending themselves.
    const noneOpen = openSpans.whenNone();
    if (noneOpen !== undefined) await within(clock, Math.min(GRACE_MS, timeoutMs / 4), noneOpen);
    intake.admission.close();
    records.logs?.close();
    batcher.drain();
    const left = groups.cut();
    let deadlineHit = await waitFor(left, drainedBy());
    // Meanwhile spans have become records, so that less time is needed for the others.
    while (deadlineHit && drainedBy() > clock.now() + LEAST_WAIT_MS) deadlineHit = await waitFor(left, drainedBy());
    await records.logs?.flush(drainedBy() - clock.now());
    if (!deadlineHit) await finishReplay(clock, delivery.loop, store, drainedBy());
    await delivery.loop.stop();
    records.logs?.stop();
    batcher.stop();
    await store.save(deadline);
    for (const _slice of this.#saveRest(deadline)) await new Promise<void>((resolve) => void clock.soon(resolve));
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
    store.saveNow(deadline);
    for (const _slice of this.#saveRest(deadline));
    store.sealNow(deadline);
    this.#dropRest();
  }

  #savingMs(timeoutMs: number): number {
    const { store, batcher, unprepared } = this.#parts;
    if (!store.isPersistent) return 0;
    const backlogMs = batcher.pace.msFor(unprepared, SAVING_SLICE_MS);
    return savingTime(timeoutMs, store.sealingMs(timeoutMs), backlogMs);
  }

  /** What is not a record yet becomes one, for the disk: in slices, each of which is written before the next. */
  *#saveRest(deadline: number): Generator<void, void> {
    const { store, clock, queue, records } = this.#parts;
    const { preparation } = records;
    if (!store.isPersistent) return;
    // Last, because something of them is on disk already, where nothing may be lost.
    for (const queued of preparation.abandon()) queue.push(queued);
    const until = deadline - Math.min(LAST_WRITE_MS, (deadline - clock.now()) / 5);
    let sliceEnd = clock.now() + SAVING_SLICE_MS;
    while (clock.now() < until) {
      const queued = queue.take();
      if (queued === undefined) return;
      preparation.processNow(queued);
      if (clock.now() < sliceEnd) continue;
      store.saveNow(deadline);
      yield;
      sliceEnd = clock.now() + SAVING_SLICE_MS;
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
    const all = Number.POSITIVE_INFINITY;
    for (const lease of [store.spool.lease(all, all), store.spool.inDoubt?.lease(all, all)]) {
      for (const item of lease?.held ?? []) {
        const reason: DropReason = item.tries.mayHaveArrived ? 'ambiguous' : 'shutdown_deadline';
        if (lease) settlements.dropped(lease, [item], reason, error);
      }
    }
  }
}
