import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, expect } from 'vitest';
import type { ExporterStatus } from '../../src/index.js';
import { imbalanceOf } from '../../src/ledger/ledger.js';
import { logImbalanceOf } from '../../src/ledger/log-counts.js';

/**
 * The books of every exporter made in a test balance when the test ends, whether the test looks at them or not. The
 * held spans are counted from the queues themselves, so the equation can fail.
 */
const CHANNEL = 'opentelemetry-exporter-langfuse:created';
let created: { status(): ExporterStatus }[] = [];
const remember = (pipeline: unknown): void => {
  created.push(pipeline as { status(): ExporterStatus });
};

beforeEach(() => {
  created = [];
  subscribe(CHANNEL, remember);
});

afterEach(() => {
  unsubscribe(CHANNEL, remember);
  for (const pipeline of created) {
    const { state, ledger, counters } = pipeline.status();
    expect(imbalanceOf(ledger), JSON.stringify(ledger)).toBeUndefined();
    expect(logImbalanceOf(counters.logs), JSON.stringify(counters.logs)).toBeUndefined();
    if (state === 'closed')
      expect({ queued: ledger.queued, inFlight: ledger.inFlight }).toEqual({ queued: 0, inFlight: 0 });
  }
});
