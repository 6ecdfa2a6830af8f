import { BatchSize } from '../../src/delivery/batch-size.js';
import { CircuitBreaker, type CircuitBreakerOptions } from '../../src/delivery/circuit-breaker.js';
import { DeliveryLoop } from '../../src/delivery/delivery-loop.js';
import type { Send } from '../../src/delivery/delivery-parts.js';
import { Evidence } from '../../src/delivery/evidence.js';
import { Gathering } from '../../src/delivery/gathering.js';
import { Lookup } from '../../src/delivery/lookup.js';
import { Pacing } from '../../src/delivery/pacing.js';
import { Patience } from '../../src/delivery/patience.js';
import { LangfuseServer } from '../../src/delivery/protocol.js';
import { RetryBudget } from '../../src/delivery/retry.js';
import { Settlements } from '../../src/delivery/settlement.js';
import { Tries } from '../../src/delivery/tries.js';
import { LangfuseError } from '../../src/errors.js';
import type { CircuitBreakerStatus } from '../../src/health.js';
import { readRows } from '../../src/http/read-rows.js';
import { SpanGroup } from '../../src/intake/span-group.js';
import { CounterBook } from '../../src/ledger/counters.js';
import { LedgerBook } from '../../src/ledger/ledger.js';
import type { ResendAmbiguous } from '../../src/model.js';
import type { Outcome } from '../../src/outcome.js';
import type { Transport } from '../../src/ports.js';
import { ErrorReporter } from '../../src/runtime/error-reporter.js';
import { PartedSpool } from '../../src/spool/parted-spool.js';
import { logLines } from './log-lines.js';
import { ManualClock } from './manual-clock.js';
import { record, spanId } from './observations.js';

export const ACCEPTED: Outcome = { kind: 'accepted', traceEventRejections: [] };
export const BROKEN: Extract<Outcome, { kind: 'retry' }> = {
  kind: 'retry',
  cause: new LangfuseError('API_ERROR', 'broken', { status: 500 }),
  mayHaveArrived: false,
};

/** Delivery with a server that is a function, in a time of its own; every wait is the longest it may be, unless `random` says otherwise. */
export function deliveryWorld(
  send: Send,
  {
    concurrency = 1,
    flushAt = 10,
    openMs = 60_000,
    circuit = undefined as CircuitBreakerOptions | undefined,
    random = (): number => 1,
    maxAttempts = Number.POSITIVE_INFINITY,
    initialMs = 1_000,
    maxMs = 8_000,
    isHealthy = false,
    gatherMs = undefined as number | undefined,
    resendAmbiguous = true as ResendAmbiguous,
    lookUp = (() => Promise.reject(new Error('not asked'))) as Transport['send'],
  } = {},
) {
  const clock = new ManualClock();
  const { lines, logger } = logLines();
  const spool = new PartedSpool();
  const ledger = new LedgerBook(() => ({
    queued: spool.waiting + spool.inDoubt.waiting,
    inFlight: spool.leased,
    spooled: 0,
  }));
  const counters = new CounterBook();
  const reporter = new ErrorReporter(logger, clock, 'http://localhost', undefined);
  const patience = new Patience(clock);
  const healthy = { status: 200, headers: {}, text: '{"status":"OK","version":"4.16.0"}' };
  const transport = {
    send: async () => (isHealthy ? healthy : { ...healthy, status: 503 }),
    async close() {},
  };
  const simple = { failureThreshold: 3, successThreshold: 1, openMs: { initial: openMs, max: openMs } };
  const changes: { readonly state: CircuitBreakerStatus['state']; readonly at: number; readonly waitMs: number }[] = [];
  const changed = ({ state }: CircuitBreakerStatus): void => {
    changes.push({ state, at: clock.now(), waitMs: breaker.waitMs });
    loop?.circuitChanged();
  };
  const breaker: CircuitBreaker = new CircuitBreaker(circuit ?? simple, clock, changed, random);
  const loop: DeliveryLoop = new DeliveryLoop({
    spool,
    server: new LangfuseServer({ baseUrl: 'http://localhost', protocol: 'otlp' }, transport, clock, logger),
    send,
    breaker,
    evidence: new Evidence(),
    budget: new RetryBudget(),
    retry: { maxAttempts, initialMs, maxMs, deliveryTimeoutMs: 300_000 },
    pacing: new Pacing({ initial: concurrency, max: concurrency }),
    batchSize: new BatchSize({ flushAt, otlp: 512, otlpBacklog: 512, ingestion: 50, ingestionMax: 50 }),
    gathering:
      gatherMs === undefined ? undefined : new Gathering({ enough: () => flushAt, intervalMs: gatherMs }, clock),
    settlements: new Settlements(ledger, counters, reporter),
    reporter,
    clock,
    patience,
    random,
    resendAmbiguous,
    lookup: new Lookup({ transport: { send: lookUp, async close() {} }, clock, logger, readRows }),
    counters,
    hasRoom: () => true,
    maxBatchSize: () => 1e9,
  });
  let ids = 0;
  /**
   * @param what - of a trace of their own; left in doubt by a process that has ended, since so many milliseconds; sent by
   * another process, too.
   */
  const append = (
    count: number,
    what: {
      readonly traceId?: string;
      readonly leftForMs?: number;
      readonly requests?: string;
      readonly isElsewhere?: boolean;
    } = {},
  ): void => {
    for (let n = 0; n < count; n++) {
      ledger.end();
      ledger.accept();
      const group = new SpanGroup();
      group.add();
      const tries = new Tries();
      tries.isElsewhere = what.isElsewhere === true;
      if (what.leftForMs !== undefined) {
        tries.mayHaveArrived = true;
        tries.leftInDoubt = { requests: what.requests, departedAt: clock.now() - what.leftForMs };
      }
      const id = spanId(++ids);
      const made = record(what.traceId === undefined ? { id } : { id, traceId: what.traceId });
      spool.append({ record: made, group, tries });
    }
    loop.kick();
  };
  return { clock, loop, patience, breaker, changes, ledger, counters, lines, append };
}
