import type { DefaultFilter } from './intake/span-filter.js';
import { SpanGroup } from './intake/span-group.js';
import { CounterBook } from './ledger/counters.js';
import { LedgerBook } from './ledger/ledger.js';
import { NO_LOGS } from './ledger/log-counts.js';
import { NO_MEDIA } from './ledger/media-counts.js';
import { reportOf } from './ledger/reports.js';
import type { CircuitBreakerStatus } from './model.js';
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
  const config = resolveOptions(options, process.env);
  return config.credentials ? new Pipeline(config, config.credentials, filter) : disabledDestination();
}

const CLOSED: CircuitBreakerStatus = {
  state: 'closed',
  failures: 0,
  lastFailure: undefined,
  openUntil: undefined,
  reason: undefined,
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
      circuit: CLOSED,
      spool: undefined,
    }),
    resetCircuitBreaker() {},
  };
}
