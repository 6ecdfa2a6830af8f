import { LangfuseError } from '../errors.js';
import type { InDoubt, Lease } from '../ports.js';
import type { DeliveryParts } from './delivery-parts.js';
import { LeftSearch, sendTogether } from './left-search.js';
import { spanIdsOf } from './settlement.js';
import type { BatchControl } from './unsettled.js';

/** Looked at together. */
const MAX_RECORDS = 512;
const MAX_SIZE = 2_000_000;

export interface LeftInDoubtParts {
  readonly inDoubt: InDoubt;
  /** Something can be sent that was in doubt. */
  readonly onSure: () => void;
  readonly onIdle: () => void;
}

/**
 * Records on disk that were under way when their process ended: they may be at the server. They wait apart, so that
 * nothing else waits for them, and one after the other is looked for. What is there is settled, what is not is sent with
 * all others, and what cannot be known before everything ends stays on disk as it is.
 */
export class LeftInDoubt {
  readonly #parts: DeliveryParts;
  readonly #around: LeftInDoubtParts;
  readonly #interrupt: AbortSignal;
  readonly #search: LeftSearch;
  #isBusy = false;
  #hasGivenUp = false;

  constructor(parts: DeliveryParts, control: BatchControl, around: LeftInDoubtParts) {
    this.#parts = parts;
    this.#around = around;
    this.#interrupt = control.interrupt;
    this.#search = new LeftSearch(parts, control);
  }

  get isIdle(): boolean {
    return !this.#isBusy;
  }

  /** Something may have to be looked for. */
  kick(): void {
    if (this.#isBusy || this.#isOver || this.#around.inDoubt.waiting === 0) return;
    this.#isBusy = true;
    void this.#run();
  }

  get #isOver(): boolean {
    return this.#hasGivenUp || this.#interrupt.aborted;
  }

  async #run(): Promise<void> {
    const { inDoubt, onSure, onIdle } = this.#around;
    // In a turn of its own: whoever has kicked is not done yet.
    await Promise.resolve();
    while (!this.#isOver) {
      const lease = inDoubt.lease(MAX_RECORDS, MAX_SIZE);
      if (lease === undefined) break;
      await this.#resolve(lease).catch((cause: unknown) => this.#fail(cause, lease));
      lease.release(lease.left());
      onSure();
    }
    this.#isBusy = false;
    onIdle();
  }

  async #resolve(lease: Lease): Promise<void> {
    const { server, resendAmbiguous } = this.#parts;
    const isHarmless = resendAmbiguous === true || (await server.decide()) !== 'otlp';
    if (isHarmless) for (const item of lease.held) sendTogether([item]);
    else if (resendAmbiguous === false) this.#drop(lease);
    else this.#hasGivenUp = (await this.#search.lookFor(lease)) === 'no time';
  }

  /** A mistake of ours costs nothing but time: the disk has them, for the next process. */
  #fail(cause: unknown, lease: Lease): void {
    this.#hasGivenUp = true;
    const text = 'looking for spans of a process that ended failed by a mistake of its own; they stay on disk';
    const error = new LangfuseError('INTERNAL_ERROR', text, { cause, isRetryable: false });
    const left = lease.left();
    this.#parts.reporter.report(error, { operation: 'export', spanCount: left.length, spanIds: spanIdsOf(left) });
  }

  #drop(lease: Lease): void {
    const { settlements } = this.#parts;
    const text = 'spans were under way when their process ended; whether they arrived is not known';
    const error = new LangfuseError('NETWORK_ERROR', text, { isRetryable: false });
    settlements.report(error, lease.held);
    settlements.dropped(lease, lease.held, 'ambiguous', error);
  }
}
