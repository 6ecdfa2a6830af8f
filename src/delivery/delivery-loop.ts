import { setMaxListeners } from 'node:events';
import type { Timer } from '../ports.js';
import { BatchRun } from './batch-run.js';
import type { Permit } from './circuit-breaker.js';
import type { DeliveryParts } from './delivery-parts.js';

/** What a probe of an open circuit risks. */
const PROBE_RECORDS = 10;

/** Nothing goes for `waitMs`, nothing is under way; `canBeHurried`: unless somebody asks for a last try. */
export interface Stall {
  readonly waitMs: number;
  readonly canBeHurried: boolean;
}

/** Takes records from the spool in batches, as many at a time as circuit and pacing allow. */
export class DeliveryLoop {
  readonly #parts: DeliveryParts;
  readonly #interrupt = new AbortController();
  readonly #whenIdle: (() => void)[] = [];
  readonly #onStall = new Set<(stall: Stall) => void>();
  #wake = newWake();
  #active = 0;
  #wakeUp: Timer | undefined;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    // Every request under way listens; there may be more of them than Node takes for a leak.
    setMaxListeners(0, this.#interrupt.signal);
  }

  /** Something may be there to send, or may be sent again. */
  kick(): void {
    const { breaker, spool, pacing } = this.#parts;
    while (!this.#interrupt.signal.aborted && spool.waiting > 0 && this.#active < pacing.limit) {
      if (breaker.waitMs > 0) {
        this.#waitFor(breaker.waitMs);
        return;
      }
      const permit = breaker.permit();
      if (permit === undefined) return;
      void this.#deliver(permit);
    }
  }

  /** Ends waits between attempts, and an open circuit's wait, for a last try. */
  hurry(): void {
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

  /** Aborts what is under way, which goes back to the spool, and sends nothing any more. */
  async stop(): Promise<void> {
    this.#cancelWakeUp();
    this.#interrupt.abort();
    this.#wake.abort();
    if (this.#active > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  #waitFor(waitMs: number): void {
    this.#wakeUp ??= this.#parts.clock.after(waitMs, () => {
      this.#wakeUp = undefined;
      this.kick();
    });
    if (this.#active > 0) return;
    const stall = { waitMs, canBeHurried: this.#parts.breaker.reason === 'failures' };
    for (const listener of this.#onStall) listener(stall);
  }

  #cancelWakeUp(): void {
    this.#wakeUp?.cancel();
    this.#wakeUp = undefined;
  }

  async #deliver(permit: Permit): Promise<void> {
    this.#active++;
    try {
      const { server, spool, batchSize, maxBatchSize, breaker } = this.#parts;
      const protocol = await server.decide();
      const size = batchSize.next(protocol, spool.waiting);
      const lease = this.#interrupt.signal.aborted
        ? undefined
        : spool.lease(permit.isProbe ? Math.min(size, PROBE_RECORDS) : size, maxBatchSize(protocol));
      if (lease === undefined) breaker.cancel(permit);
      else await new BatchRun(this.#parts, this.#signals(), lease).run(permit);
    } finally {
      this.#active--;
      if (this.#active === 0) for (const resolve of this.#whenIdle.splice(0)) resolve();
      this.kick();
    }
  }

  #signals(): { readonly interrupt: AbortSignal; readonly wake: () => AbortSignal } {
    return { interrupt: this.#interrupt.signal, wake: () => this.#wake.signal };
  }
}

function newWake(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
