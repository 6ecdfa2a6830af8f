import { LangfuseError } from '../errors.js';
import type { Protocol } from '../model.js';
import type { Outcome } from '../outcome.js';
import type { Held, Lease } from '../ports.js';
import { Bisection, halvesOf } from './bisection.js';
import type { Permit } from './circuit-breaker.js';
import type { AttemptNotes, DeliveryParts } from './delivery-parts.js';
import { dropExpired } from './expiry.js';
import { Failures } from './failures.js';
import { inParts, type SendPart } from './in-parts.js';
import { PartialAnswers } from './partial-answer.js';
import { rejectionOf } from './rejection.js';
import { retryDelayMs } from './retry.js';
import { type BatchContext, type BatchControl, NONE, type Unsettled } from './unsettled.js';
import { weighted } from './weighted.js';

/** An answer that takes longer is a sign of strain. */
const SLOW_MS = 3_000;

/**
 * Brings the records of one lease to an end: delivered, refused for good, given up, or released to wait in the spool.
 * Tries again from here as long as the circuit and the budget allow.
 */
export class BatchRun {
  readonly #context: BatchContext;
  readonly #parts: DeliveryParts;
  readonly #control: BatchControl;
  readonly #lease: Lease;
  readonly #partialAnswers: PartialAnswers;
  readonly #failures: Failures;
  readonly #sendPart: SendPart = (part, permit) => this.#send(part, permit);
  /** Of the latest attempt. */
  #permit: Permit | undefined;

  constructor(parts: DeliveryParts, control: BatchControl, lease: Lease) {
    const context = { parts, control, lease, bisection: new Bisection(lease.left().length) };
    this.#context = context;
    this.#parts = parts;
    this.#control = control;
    this.#lease = lease;
    this.#partialAnswers = new PartialAnswers(context);
    this.#failures = new Failures(context, this.#sendPart);
  }

  async run(firstPermit: Permit): Promise<void> {
    try {
      await this.#bringToAnEnd(this.#lease.left(), firstPermit);
    } catch (mistake) {
      // A probe that nobody reports back would keep the circuit half-open for ever.
      if (this.#permit !== undefined) this.#parts.breaker.cancel(this.#permit);
      throw mistake;
    }
  }

  async #bringToAnEnd(first: readonly Held[], firstPermit: Permit): Promise<void> {
    let held = first;
    let permit: Permit | undefined = firstPermit;
    for (;;) {
      const unsettled = await this.#sendApart(held, permit);
      held = dropExpired(this.#context, unsettled.held);
      if (held.length === 0) return;
      permit = unsettled.giveBack ? undefined : await this.#nextPermit(held, unsettled);
      if (permit === undefined) {
        this.#lease.release(held);
        return;
      }
    }
  }

  /** Waits for the next attempt; undefined when the batch should wait in the spool instead. */
  async #nextPermit(held: readonly Held[], { afterMs, atOnce }: Unsettled): Promise<Permit | undefined> {
    const { breaker, budget, clock, retry, random } = this.#parts;
    if (!atOnce) {
      if (breaker.state !== 'closed') return undefined;
      // Without budget the batch goes back, but not before it has waited: else it would come round again at once.
      const hasBudget = budget.take(afterMs !== undefined);
      const attempts = Math.max(1, Math.min(...held.map(({ tries }) => attemptsOf(tries))));
      const startedAt = clock.now();
      const goesOn = await this.#control.rest(retryDelayMs(attempts, retry, afterMs, random));
      for (const { tries } of held) tries.ms += clock.now() - startedAt;
      if (!goesOn || !hasBudget) return undefined;
    }
    return this.#control.interrupt.aborted ? undefined : breaker.permit();
  }

  /** What was found to fail by itself is sent by itself, so that it takes nothing along. */
  #sendApart(held: readonly Held[], permit: Permit): Promise<Unsettled> {
    const suspects = held.filter(({ tries }) => tries.suspicion.isApart);
    if (suspects.length === 0 || held.length === 1) return this.#send(held, permit);
    const others = held.filter(({ tries }) => !tries.suspicion.isApart);
    const parts = [...(others.length > 0 ? [others] : []), ...suspects.map((item) => [item])];
    return inParts(parts, this.#parts.breaker, this.#sendPart, permit);
  }

  async #send(held: readonly Held[], permit: Permit): Promise<Unsettled> {
    const { clock, server, send, pacing, batchSize } = this.#parts;
    this.#permit = permit;
    const protocol = await server.decide();
    if (this.#control.interrupt.aborted) {
      this.#parts.breaker.cancel(permit);
      return { held, giveBack: true };
    }
    const startedAt = clock.now();
    const records = held.map(weighted);
    const outcome = await send(protocol, records, this.#control.interrupt, this.#notesOn(protocol, held));
    const ms = clock.now() - startedAt;
    const timedOut = outcome.kind === 'retry' && outcome.cause.code === 'TIMEOUT_ERROR';
    batchSize.observe(protocol, held.length, ms, timedOut);
    if (timedOut || ms > SLOW_MS || (outcome.kind === 'retry' && isStrain(outcome.cause.status))) pacing.strain();
    else if (outcome.kind === 'accepted') pacing.succeed();
    // A search for what fails uses up no attempts of those that do not.
    if (!permit.isProbe && !this.#failures.isSeparating) for (const item of held) item.tries.add(ms);
    return this.#settle(protocol, held, outcome, permit);
  }

  #notesOn(protocol: Protocol, held: readonly Held[]): AttemptNotes {
    const lease = this.#lease;
    return {
      encoding: (encode) => lease.encoding(held, encode),
      // Where a repeat changes nothing, there is no doubt to note.
      departs: () => protocol === 'otlp' && lease.departs(held),
    };
  }

  #settle(protocol: Protocol, held: readonly Held[], outcome: Outcome, permit: Permit): Unsettled | Promise<Unsettled> {
    switch (outcome.kind) {
      case 'accepted':
        this.#succeed(permit, outcome.restMs);
        this.#settleAccepted(held, outcome);
        return NONE;
      case 'partial':
        this.#succeed(permit, outcome.restMs);
        return this.#partialAnswers.settle(held, outcome);
      case 'retry':
        return this.#failures.settle(protocol, held, outcome, permit);
      case 'hold':
        return this.#hold(outcome.cause, held, permit);
      case 'wrong_protocol':
        return this.#changeProtocol(protocol, held, outcome.cause, permit);
      case 'refused':
      case 'too_large':
        if (outcome.cause.code === 'INTERNAL_ERROR') this.#parts.breaker.cancel(permit);
        else this.#succeed(permit);
        return this.#divide(held, outcome);
    }
  }

  #settleAccepted(held: readonly Held[], outcome: Outcome & { kind: 'accepted' }): void {
    const { settlements } = this.#parts;
    this.#context.bisection.good(held.length);
    this.#parts.evidence.pass();
    settlements.traceEventsRefused(outcome.traceEventRejections);
    if (outcome.refusedUnnamed) settlements.deliveredBut(this.#lease, held, outcome.refusedUnnamed);
    else settlements.delivered(this.#lease, held);
  }

  /** One bad span of a request that is refused whole costs only that span; what is too large goes in parts. */
  async #divide(held: readonly Held[], outcome: Outcome & { kind: 'refused' | 'too_large' }): Promise<Unsettled> {
    if (held.length === 1) return this.#settleAlone(held, outcome);
    if (outcome.kind === 'refused' && this.#context.bisection.isHopeless()) {
      this.#parts.settlements.rejected(this.#lease, held, rejectionOf(outcome.cause));
      return NONE;
    }
    return inParts(halvesOf(held), this.#parts.breaker, this.#sendPart);
  }

  #settleAlone(held: readonly Held[], { kind, cause }: Outcome & { kind: 'refused' | 'too_large' }): Unsettled {
    const { settlements } = this.#parts;
    if (kind === 'refused') {
      this.#context.bisection.bad();
      if (cause.code === 'INTERNAL_ERROR') {
        settlements.report(cause, held);
        settlements.dropped(this.#lease, held, 'serialization_error', cause);
      } else settlements.rejected(this.#lease, held, rejectionOf(cause));
      return NONE;
    }
    // The limit was learned from the refusal: the next attempt is cut to it.
    const canShrink = held.every(({ tries }) => tries.shrink());
    if (canShrink) return { held, atOnce: true };
    settlements.report(cause, held);
    settlements.dropped(this.#lease, held, 'too_large', cause);
    return NONE;
  }

  #changeProtocol(protocol: Protocol, held: readonly Held[], cause: LangfuseError, permit: Permit): Unsettled {
    const { server, breaker } = this.#parts;
    if (!server.refuses(protocol)) return this.#hold(refusedEverywhere(cause), held, permit);
    breaker.cancel(permit);
    return { held, atOnce: true };
  }

  #hold(cause: LangfuseError, held: readonly Held[], permit: Permit): Unsettled {
    this.#parts.breaker.hold(permit);
    this.#parts.settlements.report(cause, held, { passes: true });
    return { held, giveBack: true };
  }

  /** @param restMs - the server took it, and will not take the next one before. */
  #succeed(permit: Permit, restMs?: number): void {
    const { breaker, budget, pacing, server, reporter } = this.#parts;
    server.accepts();
    budget.refund();
    const isOver = breaker.succeed(permit);
    if (isOver) pacing.restart();
    // During an outage one success is not yet its end.
    if (breaker.state === 'closed') reporter.succeeded(isOver);
    if (restMs !== undefined) breaker.throttle(permit, restMs);
  }
}

/** A record that was isolated begins anew: the attempts before say nothing about it alone. */
function attemptsOf({ suspicion, count }: Held['tries']): number {
  return suspicion.isProven ? suspicion.alone : count;
}

/** Too many requests, or overloaded. */
function isStrain(status: number | undefined): boolean {
  return status === 429 || status === 503;
}

function refusedEverywhere(cause: LangfuseError): LangfuseError {
  const text = 'this server takes spans by neither of the allowed protocols; check baseUrl and the protocol option';
  return new LangfuseError('API_ERROR', text, { status: cause.status, isRetryable: false, cause });
}
