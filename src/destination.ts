import type { BackpressureStatus, CircuitBreakerStatus } from './health.js';
import type { DefaultFilter } from './intake/span-filter.js';
import { SpanGroup } from './intake/span-group.js';
import { CounterBook } from './ledger/counters.js';
import { LedgerBook } from './ledger/ledger.js';
import { NO_LOGS } from './ledger/log-counts.js';
import { NO_MEDIA } from './ledger/media-counts.js';
import { reportOf } from './ledger/reports.js';
import type { Config } from './options/config.js';
import type { LangfuseOptions } from './options/options.js';
import { resolveOptions } from './options/resolve.js';
import { Pipeline } from './pipeline.js';

/** One Langfuse project, as the OpenTelemetry classes see it. */
export type Destination = Pick<
  Pipeline,
  'start' | 'end' | 'endAll' | 'openLogs' | 'flush' | 'close' | 'status' | 'resetCircuitBreaker'
>;

/**
 * @param filter - the filter when the options bring none.
 * @throws LangfuseError `VALIDATION_ERROR` for an unusable option.
 */
export function openDestination(options: LangfuseOptions, filter: DefaultFilter): Destination {
  const resolved = resolveOptions(options, process.env);
  const config = filter === 'everything' ? behindAProcessor(options, resolved) : resolved;
  return config.credentials ? new Pipeline(config, config.credentials, filter) : disabledDestination();
}

/** Behind somebody else's processor the queue is theirs, and what it refused is theirs to tell. */
function behindAProcessor({ backpressure }: LangfuseOptions, config: Config): Config {
  if (backpressure !== undefined) {
    config.logger.warn('backpressure is an option of LangfuseSpanProcessor: a bare exporter leaves it out');
  }
  return { ...config, backpressure: { ...config.backpressure, strategy: 'off' } };
}

const CLOSED: CircuitBreakerStatus = {
  state: 'closed',
  failures: 0,
  lastFailure: undefined,
  openUntil: undefined,
  reason: undefined,
};

const NO_PRESSURE: BackpressureStatus = {
  queueDepth: 0,
  queueCapacity: 0,
  utilization: 0,
  isUnderPressure: false,
  samplingRate: 1,
};

/** Switched off or without keys: takes nothing, says so in its status, and never makes a request. */
function disabledDestination(): Destination {
  const ledger = new LedgerBook(() => ({ queued: 0, inFlight: 0, spooled: 0 })).read();
  const counters = new CounterBook().read();
  return {
    start() {},
    end() {},
    endAll: () => new SpanGroup(),
    openLogs: () => ({ emitLog() {}, async flush() {}, closeLogs() {} }),
    flush: async () => reportOf([], 0, false),
    close: async () => ({ ...ledger, durationMs: 0, deadlineHit: false }),
    status: () => ({
      state: 'disabled',
      protocol: undefined,
      serverVersion: undefined,
      ledger,
      counters: { ...counters, logs: NO_LOGS, media: NO_MEDIA, withheld: 0 },
      backpressure: NO_PRESSURE,
      circuit: CLOSED,
      spool: undefined,
    }),
    resetCircuitBreaker() {},
  };
}
