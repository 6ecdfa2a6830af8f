import { LangfuseError } from '../errors.js';
import type { Outcome, Protocol, Rejection } from '../model.js';
import type { Held, Lease } from '../ports.js';
import type { Permit } from './circuit-breaker.js';
import type { DeliveryParts } from './delivery-parts.js';
import { retryDelayMs } from './retry.js';
import { weighted } from './weighted.js';

/** Types that servers before 3.98.2 reject. */
const OLD_TYPES: ReadonlySet<string> = new Set(['span', 'generation', 'event']);

/** An answer that takes longer is a sign of strain. */
const SLOW_MS = 3_000;
/** So many bad records, and more bad than good ones: the rest need not be tried one by one. */
const ENOUGH_BAD = 8;

/** What a batch asks of the loop it runs in. */
export interface BatchControl {
  /** Ends everything. */
  readonly interrupt: AbortSignal;
  /** Waits between two attempts; false when the batch should wait in the spool instead of going on. */
  readonly rest: (ms: number) => Promise<boolean>;
}

/** Records that were not settled by an attempt, and what is known of when to try again. */
interface Unsettled {
  readonly held: readonly Held[];
  readonly afterMs?: number | undefined;
  /** Back to the spool, instead of trying again from here. */
  readonly giveBack?: boolean;
  /** At once: the server was fine, but wanted something else. */
  readonly atOnce?: boolean;
}

const NONE: Unsettled = { held: [] };

/**
 * Brings the records of one lease to an end: delivered, refused for good, given up, or released to wait in the spool.
 * Tries again from here as long as the circuit and the budget allow.
 */
export class BatchRun {
  readonly #parts: DeliveryParts;
  readonly #control: BatchControl;
  readonly #lease: Lease;
  /** Of the latest attempt. */
  #permit: Permit | undefined;
  #splitsLeft: number;
  /** Records that were refused alone, and those taken from a batch that was refused whole. */
  #bad = 0;
  #good = 0;
  /** Observations of types that the server does not know were sent as spans and generations. */
  #isRetyped = false;

  constructor(parts: DeliveryParts, control: BatchControl, lease: Lease) {
    this.#parts = parts;
    this.#control = control;
    this.#lease = lease;
    // Enough to isolate a handful of bad records by halving; if more are bad, the request itself is.
    this.#splitsLeft = 2 * Math.ceil(Math.log2(lease.held.length + 1)) + 8;
  }

  async run(firstPermit: Permit): Promise<void> {
    try {
      await this.#bringToAnEnd(firstPermit);
    } catch (mistake) {
      // A probe that nobody reports back would keep the circuit half-open for ever.
      if (this.#permit !== undefined) this.#parts.breaker.cancel(this.#permit);
      throw mistake;
    }
  }

  async #bringToAnEnd(firstPermit: Permit): Promise<void> {
    let held: readonly Held[] = this.#lease.held;
    let permit: Permit | undefined = firstPermit;
    for (;;) {
      const unsettled = await this.#send(held, permit);
      held = this.#dropExpired(unsettled.held);
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
      const attempts = Math.max(1, Math.min(...held.map(({ tries }) => tries.count)));
      const startedAt = clock.now();
      const goesOn = await this.#control.rest(retryDelayMs(attempts, retry, afterMs, random));
      for (const { tries } of held) tries.ms += clock.now() - startedAt;
      if (!goesOn || !hasBudget) return undefined;
    }
    return this.#control.interrupt.aborted ? undefined : breaker.permit();
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
    const outcome = await send(protocol, records, this.#control.interrupt);
    const ms = clock.now() - startedAt;
    const timedOut = outcome.kind === 'retry' && outcome.cause.code === 'TIMEOUT_ERROR';
    batchSize.observe(protocol, held.length, ms, timedOut);
    if (timedOut || ms > SLOW_MS || (outcome.kind === 'retry' && isStrain(outcome.cause.status))) pacing.strain();
    else if (outcome.kind === 'accepted') pacing.succeed();
    if (!permit.isProbe) for (const item of held) item.tries.add(ms);
    return this.#settle(protocol, held, outcome, permit);
  }

  #settle(protocol: Protocol, held: readonly Held[], outcome: Outcome, permit: Permit): Unsettled | Promise<Unsettled> {
    switch (outcome.kind) {
      case 'accepted':
        this.#succeed(permit, outcome.restMs);
        this.#good += held.length;
        this.#settleAccepted(held, outcome);
        return NONE;
      case 'partial':
        this.#succeed(permit, outcome.restMs);
        return this.#settlePartly(held, outcome);
      case 'retry':
        return this.#fail(protocol, held, outcome, permit);
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

  #fail(protocol: Protocol, held: readonly Held[], outcome: Outcome & { kind: 'retry' }, permit: Permit): Unsettled {
    const { breaker, settlements, resendAmbiguous } = this.#parts;
    const { cause, afterMs } = outcome;
    if (outcome.mayHaveArrived) for (const { tries } of held) tries.mayHaveArrived = true;
    if (this.#control.interrupt.aborted) {
      breaker.cancel(permit);
      return { held, giveBack: true };
    }
    if (afterMs === undefined) breaker.fail(permit);
    else breaker.throttle(permit, afterMs);
    this.#parts.settlements.report(cause, held, true);
    if (outcome.mayHaveArrived && protocol === 'otlp' && !resendAmbiguous) {
      settlements.dropped(this.#lease, held, 'ambiguous', cause);
      return NONE;
    }
    return { held, afterMs };
  }

  #settleAccepted(held: readonly Held[], outcome: Outcome & { kind: 'accepted' }): void {
    const { settlements } = this.#parts;
    settlements.traceEventsRefused(outcome.traceEventRejections);
    if (outcome.refusedUnnamed) settlements.deliveredBut(this.#lease, held, outcome.refusedUnnamed);
    else settlements.delivered(this.#lease, held);
  }

  #settlePartly(held: readonly Held[], outcome: Outcome & { kind: 'partial' }): Unsettled {
    const { settlements, server } = this.#parts;
    const delivered: Held[] = [];
    const again: Held[] = [];
    const refused: { readonly item: Held; readonly rejection: Rejection }[] = [];
    held.forEach((item, position) => {
      const rejection = outcome.rejected.get(position);
      if (rejection) refused.push({ item, rejection });
      else (outcome.retry.has(position) ? again : delivered).push(item);
    });
    settlements.traceEventsRefused(outcome.traceEventRejections);
    const isYoung = ({ item, rejection }: (typeof refused)[number]): boolean =>
      rejection.isTypeUnknown === true && !OLD_TYPES.has(item.record.type);
    // Once: a server that refuses the old types as well would be asked for ever.
    const isOldServer = !this.#isRetyped && refused.some(isYoung);
    if (isOldServer) {
      this.#isRetyped = true;
      server.lacksTypes();
    }
    for (const one of refused) {
      if (isOldServer && isYoung(one)) again.push(one.item);
      else settlements.rejected(this.#lease, [one.item], one.rejection);
    }
    settlements.delivered(this.#lease, delivered);
    this.#good += delivered.length;
    if (outcome.retry.size > 0) this.#parts.settlements.report(outcome.cause, again, true);
    return { held: again, atOnce: isOldServer && outcome.retry.size === 0 };
  }

  /** One bad span of a request that is refused whole costs only that span; what is too large goes in parts. */
  async #divide(held: readonly Held[], outcome: Outcome & { kind: 'refused' | 'too_large' }): Promise<Unsettled> {
    if (held.length === 1) return this.#settleAlone(held, outcome);
    if (outcome.kind === 'refused' && this.#isHopeless()) {
      this.#parts.settlements.rejected(this.#lease, held, rejectionOf(outcome.cause));
      return NONE;
    }
    const middle = held.length >> 1;
    const unsettled: Held[] = [];
    let giveBack = false;
    for (const half of [held.slice(0, middle), held.slice(middle)]) {
      const permit: Permit | undefined = giveBack ? undefined : this.#parts.breaker.permit();
      const rest: Unsettled = permit ? await this.#send(half, permit) : { held: half, giveBack: true };
      unsettled.push(...rest.held);
      giveBack ||= rest.giveBack === true;
    }
    return { held: unsettled, giveBack };
  }

  #isHopeless(): boolean {
    return this.#splitsLeft-- <= 0 || (this.#bad >= ENOUGH_BAD && this.#bad > this.#good);
  }

  #settleAlone(held: readonly Held[], { kind, cause }: Outcome & { kind: 'refused' | 'too_large' }): Unsettled {
    const { settlements } = this.#parts;
    if (kind === 'refused') {
      this.#bad++;
      if (cause.code === 'INTERNAL_ERROR') {
        this.#parts.settlements.report(cause, held);
        settlements.dropped(this.#lease, held, 'serialization_error', cause);
      } else settlements.rejected(this.#lease, held, rejectionOf(cause));
      return NONE;
    }
    // The limit was learned from the refusal: the next attempt is cut to it.
    const canShrink = held.every(({ tries }) => tries.shrink());
    if (canShrink) return { held, atOnce: true };
    this.#parts.settlements.report(cause, held);
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
    this.#parts.settlements.report(cause, held, true);
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

  /** Gives up what was tried too often or too long. */
  #dropExpired(held: readonly Held[]): readonly Held[] {
    const { retry, settlements } = this.#parts;
    const { maxAttempts, deliveryTimeoutMs } = retry;
    const expired = held.filter(({ tries }) => tries.count >= maxAttempts || tries.ms >= deliveryTimeoutMs);
    if (expired.length === 0) return held;
    const attempts = Number.isFinite(maxAttempts) ? ` or ${maxAttempts} attempts` : '';
    const text = `spans were given up after ${deliveryTimeoutMs} ms of trying${attempts}`;
    const error = new LangfuseError('TIMEOUT_ERROR', text, { isRetryable: false });
    this.#parts.settlements.report(error, expired);
    settlements.dropped(this.#lease, expired, 'delivery_timeout', error);
    return held.filter((item) => !expired.includes(item));
  }
}

/** Too many requests, or overloaded. */
function isStrain(status: number | undefined): boolean {
  return status === 429 || status === 503;
}

function rejectionOf(cause: LangfuseError): Rejection {
  return { status: cause.status ?? 400, message: cause.message };
}

function refusedEverywhere(cause: LangfuseError): LangfuseError {
  const text = 'this server takes spans by neither of the allowed protocols; check baseUrl and the protocol option';
  return new LangfuseError('API_ERROR', text, { status: cause.status, isRetryable: false, cause });
}
