import { BatchSize } from '../delivery/batch-size.js';
import { CircuitBreaker } from '../delivery/circuit-breaker.js';
import { CutRecords } from '../delivery/cut-records.js';
import { DeliveryLoop } from '../delivery/delivery-loop.js';
import { Evidence } from '../delivery/evidence.js';
import { Gathering } from '../delivery/gathering.js';
import { Lookup } from '../delivery/lookup.js';
import type { DeliveryWatch } from '../delivery/operation.js';
import { Pacing } from '../delivery/pacing.js';
import { Patience, PatientTransport } from '../delivery/patience.js';
import { LangfuseServer } from '../delivery/protocol.js';
import { RetryBudget } from '../delivery/retry.js';
import { sender } from '../delivery/send.js';
import type { Settlements } from '../delivery/settlement.js';
import { SizeLimit } from '../delivery/size-limit.js';
import { fitRecord } from '../encode/fit.js';
import { ingestionEncoder } from '../encode/ingestion.js';
import { otlpEncoder } from '../encode/otlp.js';
import type { CircuitBreakerStatus } from '../health.js';
import { classifyResponse } from '../http/classify.js';
import { classifyFailure } from '../http/classify-failure.js';
import { identityHeaders } from '../http/identity.js';
import { type MeasuredExchange, measuredTransport } from '../http/measured-transport.js';
import { readRows } from '../http/read-rows.js';
import { httpTransport } from '../http/transport.js';
import type { CounterBook } from '../ledger/counters.js';
import type { Protocol } from '../model.js';
import type { Config, Credentials } from '../options/config.js';
import { DEFAULTS } from '../options/defaults.js';
import type { Clock, Spool, Transport } from '../ports.js';
import type { ErrorReporter } from '../runtime/error-reporter.js';
import { recordIntervalMs } from './record-interval.js';

/** Part of the queue that may fill up while requests wait to be looked up. */
const ROOM = 0.8;

/** Everything behind the spool. */
export interface Delivery {
  readonly transport: Transport;
  readonly server: LangfuseServer;
  readonly breaker: CircuitBreaker;
  readonly batchSize: BatchSize;
  readonly pacing: Pacing;
  readonly loop: DeliveryLoop;
  /** A shutdown has begun, which ends at `deadline`. */
  drain(deadline: number): void;
}

export interface Surroundings {
  readonly spool: Spool;
  /** Spans come one by one, and not in the batches of somebody else. */
  readonly isOneByOne: boolean;
  /** Records that take up memory. */
  readonly held: () => number;
  readonly settlements: Settlements;
  readonly counters: CounterBook;
  readonly reporter: ErrorReporter;
  readonly clock: Clock;
  /** Counts requests and their outcomes. */
  readonly watch: DeliveryWatch;
  readonly measured: (exchange: MeasuredExchange) => void;
  readonly onCircuitChange: (status: CircuitBreakerStatus) => void;
}

/** Puts together what brings records from the spool to the server. */
export function assembleDelivery(config: Config, credentials: Credentials, around: Surroundings): Delivery {
  const { batch, delivery, destination, logger } = config;
  const { clock } = around;
  const http = httpTransport({
    baseUrl: destination.baseUrl,
    headers: identityHeaders(credentials, destination.headers),
    connections: delivery.concurrency.max,
    attemptTimeoutMs: delivery.attemptTimeoutMs,
  });
  const patience = new Patience(clock);
  const transport = new PatientTransport(measuredTransport(http, clock, around.measured), patience, clock);
  const protocol = config.protocol === 'auto' ? undefined : config.protocol;
  const server = new LangfuseServer({ baseUrl: destination.baseUrl, protocol }, transport, clock, logger);
  const limitOf = (name: Protocol): SizeLimit => new SizeLimit(batch.maxBatchBytes ?? DEFAULTS.maxBatchBytes[name]);
  const limits = { ingestion: limitOf('ingestion'), otlp: limitOf('otlp') };
  const batchSize = new BatchSize({ flushAt: batch.flushAt, ...DEFAULTS.flushAt });
  const breaker = new CircuitBreaker(delivery.circuitBreaker, clock, around.onCircuitChange);
  const cut = new CutRecords(around.counters);
  const pacing = new Pacing(delivery.concurrency);
  const enough = (): number => batchSize.next(server.protocol ?? 'ingestion', 0);
  const isMadeEarly = !batch.immediate && recordIntervalMs(config) < batch.flushIntervalMs;
  const gathering =
    around.isOneByOne && isMadeEarly ? new Gathering({ enough, intervalMs: batch.flushIntervalMs }, clock) : undefined;
  const loop = new DeliveryLoop({
    ...around,
    patience,
    server,
    send: sender({
      transport,
      clock,
      encoders: { ingestion: ingestionEncoder, otlp: otlpEncoder },
      fit: (name, record, maxBytes) => {
        const most = Math.min(batch.maxEventBytes ?? DEFAULTS.maxEventBytes[name], maxBytes);
        const fitted = fitRecord(record, { protocol: name, traits: server.traits, maxBytes: most });
        if (fitted !== record) cut.note(record);
        return fitted;
      },
      limits,
      traits: () => server.traits,
      attemptTimeoutMs: delivery.attemptTimeoutMs,
      gzip: delivery.gzip,
      classifyResponse,
      classifyFailure: (failure, timedOut) => classifyFailure(failure, destination.baseUrl, timedOut),
    }),
    breaker,
    evidence: new Evidence(),
    budget: new RetryBudget(),
    retry: delivery.retry,
    random: Math.random,
    resendAmbiguous: delivery.resendAmbiguous,
    lookup: new Lookup({ transport, clock, logger, readRows }),
    hasRoom: () => around.held() < config.queue.maxSpans * ROOM,
    batchSize,
    gathering,
    pacing,
    maxBatchSize: (name) => limits[name].bytes,
  });
  const drain = (deadline: number): void => {
    patience.limit(deadline);
    transport.limited();
    loop.drain();
  };
  return { transport, server, breaker, batchSize, loop, pacing, drain };
}
