import { setMaxListeners } from 'node:events';
import { LangfuseError } from '../errors.js';
import type { ObservationRecord, Outcome, Protocol, Rejection } from '../model.js';
import type { Clock, Held, Lease, Spool, Timer } from '../ports.js';
import type { ErrorReporter } from '../runtime/error-reporter.js';
import type { BatchSize } from './batch-size.js';
import type { Gate } from './gate.js';
import type { Pacing } from './pacing.js';
import type { LangfuseServer } from './protocol.js';
import { type Settlements, spanIdsOf } from './settlement.js';

/** Sends records by a protocol and says what came of it. Never rejects. */
export type Send = (protocol: Protocol, records: readonly ObservationRecord[], signal: AbortSignal) => Promise<Outcome>;

export interface DeliveryParts {
  readonly spool: Spool;
  readonly server: LangfuseServer;
  readonly send: Send;
  readonly gate: Gate;
  readonly batchSize: BatchSize;
  readonly settlements: Settlements;
  readonly reporter: ErrorReporter;
  readonly clock: Clock;
  readonly pacing: Pacing;
  /** Largest batch by protocol, in `record.size`. */
  readonly maxBatchSize: (protocol: Protocol) => number;
  /** Nothing will go before somebody changes something. */
  readonly onHold: () => void;
}

/** Types that servers before 3.98.2 reject. */
const OLD_TYPES: ReadonlySet<string> = new Set(['span', 'generation', 'event']);

/**
 * Takes records from the spool in batches, as many at a time as the gate allows, and brings every one of them to an
 * end: delivered, refused for good, or back in the spool for later.
 */
export class DeliveryLoop {
  readonly #parts: DeliveryParts;
  readonly #stop = new AbortController();
  readonly #interrupted = new Set<Held>();
  readonly #whenIdle: (() => void)[] = [];
  #active = 0;
  #wakeUp: Timer | undefined;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    // Every request under way listens; there may be more of them than Node takes for a leak.
    setMaxListeners(0, this.#stop.signal);
  }

  /** Something may be there to send, or may be sent again. */
  kick(): void {
    const { gate, spool, pacing } = this.#parts;
    if (this.#stop.signal.aborted || spool.waiting === 0) return;
    const waitMs = gate.waitMs;
    if (gate.state === 'hold' && this.#active === 0) this.#parts.onHold();
    if (waitMs > 0) {
      this.#wakeUp ??= this.#parts.clock.after(waitMs, () => {
        this.#wakeUp = undefined;
        this.kick();
      });
      return;
    }
    while (this.#active < gate.limit(pacing.limit) && spool.waiting > 0) void this.#deliverNext();
  }

  /** Ends waits for a last try. */
  hurry(): void {
    this.#parts.gate.hurry();
    this.#wakeUp?.cancel();
    this.#wakeUp = undefined;
    this.kick();
  }

  /**
   * Aborts what is under way and sends nothing any more.
   *
   * @returns what was under way: it is back in the spool, and the server may have it or not.
   */
  async stop(): Promise<ReadonlySet<Held>> {
    this.#wakeUp?.cancel();
    this.#stop.abort();
    if (this.#active > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
    return this.#interrupted;
  }

  async #deliverNext(): Promise<void> {
    this.#active++;
    try {
      const { server, spool, batchSize, maxBatchSize } = this.#parts;
      const protocol = await server.decide();
      if (this.#stop.signal.aborted) return;
      const lease = spool.lease(batchSize.next(protocol, spool.waiting), maxBatchSize(protocol));
      if (lease) await this.#deliver(protocol, lease, lease.held);
    } finally {
      this.#active--;
      if (this.#active === 0) for (const resolve of this.#whenIdle.splice(0)) resolve();
      this.kick();
    }
  }

  async #deliver(protocol: Protocol, lease: Lease, held: readonly Held[]): Promise<void> {
    const { send, clock, batchSize, pacing } = this.#parts;
    const startedAt = clock.now();
    const records = held.map(({ record }) => record);
    const outcome = await send(protocol, records, this.#stop.signal);
    const timedOut = outcome.kind === 'retry' && outcome.cause.code === 'TIMEOUT_ERROR';
    batchSize.observe(protocol, held.length, clock.now() - startedAt, timedOut);
    if (outcome.kind === 'accepted') pacing.succeed();
    else if (timedOut || (outcome.kind === 'retry' && isStrain(outcome.cause.status))) pacing.strain();
    await this.#settle(protocol, lease, held, outcome);
  }

  async #settle(protocol: Protocol, lease: Lease, held: readonly Held[], outcome: Outcome): Promise<void> {
    const { settlements, gate, server } = this.#parts;
    switch (outcome.kind) {
      case 'accepted':
        this.#succeed();
        this.#reportTraceEvents(outcome.traceEventRejections);
        settlements.delivered(lease, held);
        return;
      case 'partial':
        this.#settlePartly(lease, held, outcome);
        return;
      case 'retry':
        if (this.#stop.signal.aborted) {
          for (const item of held) this.#interrupted.add(item);
        } else {
          gate.fail(outcome.cause, outcome.afterMs);
          this.#report(outcome.cause, held);
        }
        lease.release(held);
        return;
      case 'hold':
        this.#hold(outcome.cause, lease, held);
        return;
      case 'wrong_protocol':
        if (server.refuses(protocol)) lease.release(held);
        else this.#hold(refusedEverywhere(outcome.cause), lease, held);
        return;
      case 'refused':
      case 'too_large':
        await this.#divide(protocol, lease, held, outcome);
        return;
    }
  }

  #settlePartly(lease: Lease, held: readonly Held[], outcome: Outcome & { readonly kind: 'partial' }): void {
    const { settlements, server, gate } = this.#parts;
    const delivered: Held[] = [];
    const again: Held[] = [];
    const refused: { readonly item: Held; readonly rejection: Rejection }[] = [];
    held.forEach((item, position) => {
      const rejection = outcome.rejected.get(position);
      if (rejection) refused.push({ item, rejection });
      else (outcome.retry.has(position) ? again : delivered).push(item);
    });
    this.#reportTraceEvents(outcome.traceEventRejections);
    const young = refused.filter(({ item, rejection }) => rejection.status === 400 && !OLD_TYPES.has(item.record.type));
    const mayBeOldServer = young.length > 0 && young.length === refused.length && server.lacksTypes();
    for (const { item, rejection } of refused) {
      if (mayBeOldServer) again.push(item);
      else settlements.rejected(lease, [item], rejection);
    }
    settlements.delivered(lease, delivered);
    lease.release(again);
    if (outcome.retry.size > 0) gate.fail(outcome.cause, undefined);
    else this.#succeed();
  }

  /** One span of a request that is refused whole costs only that span; one that is too large is sent in parts. */
  async #divide(
    protocol: Protocol,
    lease: Lease,
    held: readonly Held[],
    outcome: Outcome & { readonly kind: 'refused' | 'too_large' },
  ): Promise<void> {
    if (held.length > 1) {
      const middle = held.length >> 1;
      await this.#deliver(protocol, lease, held.slice(0, middle));
      await this.#deliver(protocol, lease, held.slice(middle));
      return;
    }
    const { settlements } = this.#parts;
    const { cause } = outcome;
    if (outcome.kind === 'refused') {
      settlements.rejected(lease, held, { status: cause.status ?? 400, message: cause.message });
      return;
    }
    this.#report(cause, held);
    settlements.dropped(lease, held, 'too_large', cause);
  }

  #hold(cause: LangfuseError, lease: Lease, held: readonly Held[]): void {
    this.#parts.gate.hold(cause);
    this.#report(cause, held);
    lease.release(held);
  }

  #succeed(): void {
    const { gate, server, reporter } = this.#parts;
    server.accepts();
    if (gate.succeed()) reporter.recovered('Langfuse takes spans again');
  }

  #report(error: LangfuseError, held: readonly Held[]): void {
    this.#parts.reporter.report(error, { operation: 'export', spanCount: held.length, spanIds: spanIdsOf(held) });
  }

  #reportTraceEvents(rejections: readonly Rejection[]): void {
    for (const { status, message } of rejections) {
      const error = new LangfuseError('API_ERROR', `the server refused a trace event: ${message}`, { status });
      this.#parts.reporter.report(error, { operation: 'export', spanCount: 0 });
    }
  }
}

/** Too many requests, or overloaded. */
function isStrain(status: number | undefined): boolean {
  return status === 429 || status === 503;
}

function refusedEverywhere(cause: LangfuseError): LangfuseError {
  const text = 'this server takes spans by neither of the allowed protocols; check baseUrl and the protocol option';
  return new LangfuseError('API_ERROR', text, { status: cause.status, isRetryable: false, cause });
}
