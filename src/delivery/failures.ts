import type { LangfuseError } from '../errors.js';
import type { Protocol } from '../model.js';
import type { Outcome } from '../outcome.js';
import type { Held } from '../ports.js';
import type { Permit } from './circuit-breaker.js';
import { Doubt } from './doubt.js';
import type { SendPart } from './in-parts.js';
import { rejectionOf } from './rejection.js';
import { separate } from './separation.js';
import { Suspicion } from './suspicion.js';
import { type BatchContext, NONE, type Unsettled } from './unsettled.js';

type Failure = Outcome & { kind: 'retry' };

/** Attempts that failed: what that says about the server, and what to do about the records. */
export class Failures {
  readonly #context: BatchContext;
  readonly #suspicion: Suspicion;
  readonly #doubt: Doubt;
  readonly #send: SendPart;
  #isSeparating = false;

  /** @param send - makes one attempt with a part of a batch. */
  constructor(context: BatchContext, send: SendPart) {
    this.#context = context;
    this.#suspicion = new Suspicion(context);
    this.#doubt = new Doubt(context);
    this.#send = send;
  }

  /** Parts of a batch are sent to find what is wrong with it. */
  get isSeparating(): boolean {
    return this.#isSeparating;
  }

  async settle(protocol: Protocol, held: readonly Held[], failure: Failure, permit: Permit): Promise<Unsettled> {
    const { breaker, settlements, resendAmbiguous } = this.#context.parts;
    if (failure.mayHaveArrived) for (const { tries } of held) tries.mayHaveArrived = true;
    if (this.#context.control.interrupt.aborted) {
      breaker.cancel(permit);
      return { held, giveBack: true };
    }
    settlements.report(failure.cause, held, { passes: true });
    if (!failure.mayHaveArrived || protocol !== 'otlp' || resendAmbiguous === true)
      return isOfServer(failure) ? this.#judge(held, failure.cause, permit) : this.#blame(held, failure, permit);
    this.#blame(held, failure, permit);
    if (resendAmbiguous === 'verify') return this.#verify(held, failure);
    settlements.dropped(this.#context.lease, held, 'ambiguous', failure.cause);
    return NONE;
  }

  /** It was the server, or the way to it. */
  #blame(held: readonly Held[], { afterMs }: Failure, permit: Permit): Unsettled {
    const { breaker, evidence } = this.#context.parts;
    evidence.fail();
    if (afterMs === undefined) breaker.fail(permit);
    else breaker.throttle(permit, afterMs);
    return { held, afterMs };
  }

  /** It may be there, and a repeat would show: asks first. */
  async #verify(held: readonly Held[], failure: Failure): Promise<Unsettled> {
    const { evidence, settlements } = this.#context.parts;
    const end = await this.#doubt.resolve(held);
    if (end === 'waiting') return { held, giveBack: true };
    if (end === 'found') {
      evidence.pass();
      settlements.delivered(this.#context.lease, held);
      return NONE;
    }
    if (isOfServer(failure)) return this.#judge(held, failure.cause);
    return { held, afterMs: failure.afterMs, atOnce: end === 'missing' && failure.afterMs === undefined };
  }

  /** @param permit - absent when the circuit has heard of it already. */
  #judge(held: readonly Held[], cause: LangfuseError, permit?: Permit): Promise<Unsettled> {
    const [item] = held;
    return item && held.length === 1 ? this.#judgeOne(item, cause, permit) : this.#judgeBatch(held, permit);
  }

  /** The server failed at a batch: at everything just now, or at something in it. */
  async #judgeBatch(held: readonly Held[], permit: Permit | undefined): Promise<Unsettled> {
    const verdict = this.#suspicion.ofBatch(held);
    if (this.#isSeparating) return { held, isSuspect: true };
    if (verdict === 'server' || permit?.isProbe) {
      if (permit) this.#context.parts.breaker.fail(permit, verdict === 'split');
      return { held };
    }
    this.#isSeparating = true;
    const unsettled = await separate(this.#context, held, this.#send);
    this.#isSeparating = false;
    return unsettled;
  }

  async #judgeOne(item: Held, cause: LangfuseError, permit: Permit | undefined): Promise<Unsettled> {
    const { breaker } = this.#context.parts;
    const verdict = await this.#suspicion.ofOne(item, rejectionOf(cause));
    if (verdict === 'rejected') {
      if (permit) breaker.cancel(permit);
      return NONE;
    }
    // Nobody else has to wait because of a record that fails alone. A probe has to say something, though.
    const isNeutral = this.#isSeparating || item.tries.suspicion.isProven;
    if (permit && (permit.isProbe || !isNeutral)) breaker.fail(permit, verdict === 'record');
    return { held: [item], isSuspect: true };
  }
}

/** The server itself said that it failed, and did not say when to come back. */
function isOfServer({ cause, afterMs }: Failure): boolean {
  return afterMs === undefined && cause.status !== undefined && cause.status >= 500;
}
