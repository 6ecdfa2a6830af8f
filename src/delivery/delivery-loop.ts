import { setMaxListeners } from 'node:events';
import { LangfuseError } from '../errors.js';
import type { CircuitReason } from '../health.js';
import type { Protocol } from '../model.js';
import type { InDoubt, Lease, Timer } from '../ports.js';
import { sleep } from '../runtime/sleep.js';
import { BatchRun } from './batch-run.js';
import type { Permit } from './circuit-breaker.js';
import type { DeliveryParts } from './delivery-parts.js';
import { LeftInDoubt } from './left-in-doubt.js';
import { Operation } from './operation.js';
import { spanIdsOf } from './settlement.js';

/** What a probe of an open circuit risks. */
const PROBE_RECORDS = 10;
/** Writing a body takes about 3 ms for each million, and nothing else runs meanwhile. */
const MAX_SIZE = 2_000_000;

/** Nothing goes for `waitMs`, nothing is under way. */
export interface Stall {
  readonly waitMs: number;
  readonly reason: CircuitReason | undefined;
}

/** Takes records from the spool in batches, as many at a time as circuit and pacing allow. */
export class DeliveryLoop {
  readonly #parts: DeliveryParts;
  readonly #interrupt = new AbortController();
  readonly #whenIdle: (() => void)[] = [];
  readonly #onStall = new Set<(stall: Stall) => void>();
  /** Absent where nothing outlives its process. */
  readonly #leftInDoubt: LeftInDoubt | undefined;
  #wake = newWake();
  /** Requests that tried an open circuit, since one of them passed. */
  #failedProbes = 0;
  /** Batches on their way. */
  #active = 0;
  /** Those of them that are not resting between two attempts. */
  #sending = 0;
  #wakeUp: Timer | undefined;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    // Every request under way listens; there may be more of them than Node takes for a leak.
    setMaxListeners(0, this.#interrupt.signal);
    const { inDoubt } = parts.spool;
    this.#leftInDoubt = inDoubt && this.#lookerFor(inDoubt);
  }

  /** Something is there that should not wait for more. */
  hurry(): void {
    this.#parts.gathering?.hurry();
    this.kick();
  }

  /** Something may be there to send, or may be sent again. */
  kick(): void {
    const { breaker, spool, pacing } = this.#parts;
    this.#leftInDoubt?.kick();
    while (!this.#interrupt.signal.aborted && spool.waiting > 0 && this.#sending < pacing.limit) {
      if (!this.#isWorthIt(spool.waiting)) return;
      const waitMs = this.#waitMs();
      if (waitMs > 0) {
        this.#waitFor(waitMs);
        return;
      }
      const permit = breaker.permit();
      if (permit === undefined) return;
      void this.#deliver(permit);
    }
  }

  /**
   * A shutdown: waits between attempts end, and a circuit that is open for failures is tried at once, then again each
   * time half of what is left has passed. So a server that comes back before the deadline gets everything.
   */
  drain(): void {
    this.#parts.breaker.hurry();
    this.#wake.abort();
    this.#wake = newWake();
    this.#cancelWakeUp();
    this.kick();
  }

  /** Tells, now and whenever it happens, that nothing moves for a while. */
  watchStalls(listener: (stall: Stall) => void): () => void {
    this.#onStall.add(listener);
    this.kick();
    return () => this.#onStall.delete(listener);
  }

  /** The circuit was changed from outside. */
  circuitChanged(): void {
    this.#cancelWakeUp();
    this.kick();
  }

  get isIdle(): boolean {
    return this.#active === 0 && this.#leftInDoubt?.isIdle !== false;
  }

  /** Resolves when no batch is on its way, or resting between two attempts, and nothing is looked for; at once when so. */
  whenIdle(): Promise<void> {
    return this.isIdle ? Promise.resolve() : new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** Aborts what is under way, which goes back to the spool, and sends nothing any more. */
  async stop(): Promise<void> {
    this.#cancelWakeUp();
    this.#parts.gathering?.cancel();
    this.#interrupt.abort();
    this.#wake.abort();
    await this.whenIdle();
  }

  /** Whoever waits for a flush, a shutdown or the end of an outage does not wait for a full batch. */
  #isWorthIt(waiting: number): boolean {
    const { gathering, breaker, patience } = this.#parts;
    if (gathering === undefined || this.#onStall.size > 0 || patience.isLimited || breaker.state !== 'closed')
      return true;
    return gathering.isWorthIt(waiting, () => this.kick());
  }

  /** A wait that the server asked for, or a hold, is kept also in a shutdown. */
  #waitMs(): number {
    const { breaker, patience } = this.#parts;
    const { waitMs } = breaker;
    return waitMs > 0 && breaker.reason === 'failures' ? patience.of(waitMs) : waitMs;
  }

  #waitFor(waitMs: number): void {
    const { breaker, clock, patience } = this.#parts;
    this.#wakeUp ??= clock.after(waitMs, () => {
      this.#wakeUp = undefined;
      if (patience.isLimited) breaker.hurry();
      this.kick();
    });
    if (this.#active > 0) return;
    const stall = { waitMs, reason: breaker.reason };
    for (const listener of this.#onStall) listener(stall);
  }

  #cancelWakeUp(): void {
    this.#wakeUp?.cancel();
    this.#wakeUp = undefined;
  }

  async #deliver(permit: Permit): Promise<void> {
    this.#active++;
    this.#sending++;
    try {
      const { server, breaker, evidence } = this.#parts;
      const before = evidence.now();
      const lease = await server.decide().then((protocol) => this.#lease(protocol, permit));
      if (lease === undefined) breaker.cancel(permit);
      else await this.#run(lease, permit);
      if (permit.isProbe) this.#failedProbes = evidence.hasPassedSince(before) ? 0 : this.#failedProbes + 1;
    } finally {
      this.#active--;
      this.#sending--;
      this.#tellIdle();
      this.kick();
    }
  }

  #lease(protocol: Protocol, { isProbe }: Permit): Lease | undefined {
    if (this.#interrupt.signal.aborted) return undefined;
    const { spool, batchSize, maxBatchSize } = this.#parts;
    // Another one, begun at the same time, may have taken all that was worth it.
    if (!this.#isWorthIt(spool.waiting)) return undefined;
    const size = batchSize.next(protocol, spool.waiting);
    const lease = spool.lease(size, Math.min(MAX_SIZE, maxBatchSize(protocol)));
    if (isProbe && lease !== undefined) this.#keepProbe(lease);
    this.#parts.gathering?.left(spool.waiting);
    return lease;
  }

  /**
   * Leaves a part of a batch in the lease: those that were tried least, and fewer each time that it fails. If it is
   * something in the batch that the server fails at, a part without it passes soon, and shows it.
   */
  #keepProbe(lease: Lease): void {
    const { held } = lease;
    // Twice all there may be: an outage is the rule, and costs no more requests than it must.
    const size = Math.max(1, Math.min(PROBE_RECORDS, held.length) >> Math.max(0, this.#failedProbes - 1));
    const byTries = [...held].sort((a, b) => a.tries.suspicion.probed - b.tries.suspicion.probed);
    const part = new Set(byTries.slice(0, size));
    for (const { tries } of part) tries.suspicion.probed++;
    lease.release(held.filter((item) => !part.has(item)));
  }

  #tellIdle(): void {
    if (this.isIdle) for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  /** Whatever goes wrong in our own code costs this batch, said and counted, and nothing else. */
  async #run(lease: Lease, permit: Permit): Promise<void> {
    const { reporter, settlements } = this.#parts;
    const control = { interrupt: this.#interrupt.signal, rest: (ms: number) => this.#rest(ms) };
    const { watch, clock, send } = this.#parts;
    const operation = watch && new Operation(send, permit.isProbe, watch, clock);
    try {
      await new BatchRun({ ...this.#parts, send: operation?.send ?? send }, control, lease).run(permit);
    } catch (cause) {
      const left = lease.left();
      const text = 'delivery failed by a mistake of its own';
      const error = new LangfuseError('INTERNAL_ERROR', text, { cause, isRetryable: false });
      settlements.dropped(lease, left, 'internal_error', error);
      reporter.report(error, { operation: 'export', spanCount: left.length, spanIds: spanIdsOf(left) });
    } finally {
      operation?.end();
    }
  }

  #lookerFor(inDoubt: InDoubt): LeftInDoubt {
    const { clock, patience } = this.#parts;
    const rest = (ms: number): Promise<boolean> =>
      sleep(clock, patience.of(ms), this.#wake.signal).then(() => !this.#interrupt.signal.aborted);
    const control = { interrupt: this.#interrupt.signal, rest };
    return new LeftInDoubt(this.#parts, control, {
      inDoubt,
      onSure: () => this.hurry(),
      onIdle: () => this.#tellIdle(),
    });
  }

  /** The wait between two attempts, in which others may send. False when they still do: the batch waits on, in the spool. */
  async #rest(ms: number): Promise<boolean> {
    const { clock, pacing, patience } = this.#parts;
    this.#sending--;
    this.kick();
    await sleep(clock, patience.of(ms), this.#wake.signal);
    this.#sending++;
    return !this.#interrupt.signal.aborted && this.#sending <= pacing.limit;
  }
}

function newWake(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
