import type { DeliveryWatch } from '../delivery/operation.js';
import { SDK_NAME, SDK_VERSION } from '../http/identity.js';
import type { SpanQueue } from '../intake/span-queue.js';
import type { LedgerBook } from '../ledger/ledger.js';
import { Meters } from '../ledger/meters.js';
import type { Config } from '../options/config.js';
import type { Outcome } from '../outcome.js';
import type { Clock } from '../ports.js';
import type { HrTime } from '../span.js';
import type { Store } from '../store.js';
import type { Delivery } from './delivery.js';
import type { Intake } from './intake.js';

/** Whose numbers are told; asked only when somebody collects, when all of it is there. */
export interface MeteredParts {
  readonly ledger: LedgerBook;
  readonly queue: SpanQueue;
  readonly store: Store;
  readonly clock: Clock;
  readonly intake: () => Intake;
  readonly delivery: () => Delivery;
}

/** Puts together what tells the numbers to OpenTelemetry's metrics. */
export function assembleMeters(config: Config, hasProcessor: boolean, parts: MeteredParts): Meters {
  const { meterProvider: provider, destination } = config;
  const { ledger, clock } = parts;
  const server = new URL(destination.baseUrl);
  return new Meters({ provider, name: SDK_NAME, version: SDK_VERSION, hasProcessor, server }, (tallies) => {
    const { room, backpressure } = parts.intake();
    const { breaker, pacing } = parts.delivery();
    const { maxSpans, maxBytes, bytes, utilization } = room;
    return {
      ...tallies,
      ledger: ledger.read(),
      // Those of them that are on disk count as spooled.
      returned: Math.min(parts.store.inMemory.returned, parts.store.holdings().queued),
      memory: { maxSpans, maxBytes, bytes, utilization },
      diskUtilization: parts.store.diskUtilization(),
      oldestAgeS: Math.max(0, clock.wallMs() / 1000 - (oldestEnd(parts) ?? Number.POSITIVE_INFINITY)),
      backpressure: backpressure.status(),
      circuit: breaker.status(),
      concurrencyLimit: pacing.limit,
    };
  });
}

/** Hands what delivery tells of its requests to the meters. */
export function deliveryWatch(meters: Meters): DeliveryWatch {
  return {
    attempted: (kind, outcome) => meters.attempted(kind, outcome),
    concluded: (ms, last) => meters.timed.operation(ms, errorIn(last)?.code, errorIn(last)?.status),
  };
}

function errorIn(outcome: Outcome) {
  return outcome.kind === 'accepted' ? outcome.refusedUnnamed?.cause : outcome.cause;
}

function oldestEnd({ queue, store }: MeteredParts): number | undefined {
  const ends = [store.inMemory.oldest()?.record.endTime, queue.peek()?.span.endTime].filter(
    (time) => time !== undefined,
  );
  return ends.length === 0 ? undefined : Math.min(...ends.map(toSeconds));
}

function toSeconds([seconds, nanoseconds]: HrTime): number {
  return seconds + nanoseconds / 1e9;
}
