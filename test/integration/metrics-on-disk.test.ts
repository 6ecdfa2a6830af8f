import { describe, expect, it } from 'vitest';
import { collecting } from '../support/collected-metrics.js';
import { exporting } from '../support/exporting.js';
import { temporaryDirectory } from '../support/spool/temporary-directory.js';

describe('metrics of an exporter with a disk', () => {
  it('count a span that waits there once, also when a request with it has failed', async () => {
    const { meterProvider, collect } = collecting();
    const persistence = { directory: temporaryDirectory() };
    const { server, processor, endSpans } = await exporting('v4-events-only', {
      ...{ meterProvider, persistence, circuitBreaker: { failureThreshold: 1, openMs: { initial: 60_000 } } },
    });
    server.faults.always({ status: 503 });
    endSpans(30);
    await expect.poll(() => processor.status().circuit.state, { timeout: 10_000 }).toBe('open');
    expect(processor.status().ledger).toMatchObject({ queued: 0, inFlight: 0, spooled: 30 });
    const collected = await collect();
    expect(collected.value('otel.sdk.processor.span.queue.size')).toBe(0);
    expect(collected.value('otel.sdk.exporter.span.inflight')).toBe(30);
    expect(collected.value('otel.sdk.processor.span.processed')).toBe(30);
  });
});
