import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { isLangfuseError } from '../../../src/index.js';
import { deliveriesAt, exporting } from '../../support/exporting.js';
import { postsTo } from '../../support/posts.js';

const PROFILES = ['v3.225', 'v4-events-only'] as const;

describe.each(PROFILES)('flush to %s', (profile) => {
  it('waits for a request that is under way, and for nothing that ended later', async () => {
    const { server, processor, endSpans } = await exporting(profile);
    server.faults.next(1, { delayMs: 300 });
    endSpans(5);
    await server.waitFor(() => postsTo(server).length === 1);
    const flushed = processor.flush();
    server.faults.next(1, { delayMs: 2_000 });
    endSpans(5);
    const report = await flushed;
    expect(report).toMatchObject({ delivered: 5, pending: 0 });
    expect(report.durationMs).toBeLessThan(1_500);
  });

  it('ten times at once, with a shutdown among them, settles every call and delivers once', async () => {
    const { server, processor, endSpans } = await exporting(profile);
    server.faults.always({ delayMs: 50 });
    endSpans(500);
    const flushes = Array.from({ length: 10 }, () => processor.forceFlush());
    const shutdowns = [processor.shutdown(), processor.close(), processor.close()] as const;
    expect(await Promise.all([...flushes, shutdowns[0]])).toEqual(Array(11).fill(undefined));
    const [first, second] = await Promise.all([shutdowns[1], shutdowns[2]]);
    expect(second).toBe(first);
    expect(first).toMatchObject({ delivered: 500, deadlineHit: false });
    expect(deliveriesAt(server)).toEqual({ ids: 500, most: 1 });
  });
});

describe('shutdown', () => {
  it.each(PROFILES)('of one second is over in 1.1 s although %s answers nothing', async (profile) => {
    const { server, processor, endSpans } = await exporting(profile);
    for (const path of ['/api/public/health', '/api/public/ingestion', '/api/public/otel/v1/traces']) {
      server.faults.route(path, 'hang');
    }
    endSpans(1_000);
    const startedAt = performance.now();
    const report = await processor.close({ timeoutMs: 1_000 });
    expect(performance.now() - startedAt).toBeLessThan(1_100);
    expect(report).toMatchObject({ delivered: 0, deadlineHit: true });
    expect(report.dropped.ambiguous + report.dropped.shutdown_deadline).toBe(1_000);
  });

  it('gives a request half of the time that is left, so that a second one may get through', async () => {
    const { server, processor, endSpans } = await exporting('v4-events-only');
    server.faults.next(1, 'hang');
    endSpans(10);
    await server.waitFor(() => postsTo(server).length === 1);
    expect(await processor.close({ timeoutMs: 2_000 })).toMatchObject({ delivered: 10, deadlineHit: false });
    expect(postsTo(server)).toHaveLength(2);
  });

  it('against a server that only fails counts every span as lost, names the reason, and rejects only when asked', async () => {
    const { server, processor, endSpans, errors } = await exporting('v4-events-only');
    server.faults.always({ status: 500, body: 'broken' });
    endSpans(300);
    const rejected = await processor.close({ timeoutMs: 2_000, throwOnLoss: true }).catch((error: unknown) => error);
    const report = await processor.close();
    expect(report.dropped.shutdown_deadline).toBe(300);
    expect(rejected).toBe(errors.at(-1)?.error);
    if (!isLangfuseError(rejected)) throw new Error('not our error');
    expect(rejected).toMatchObject({ code: 'SHUTDOWN_ERROR', details: { report } });
    expect(rejected.message).toContain('300 spans were lost in the life of this exporter (shutdown_deadline: 300)');
    expect(errors.at(-1)?.context).toMatchObject({ operation: 'shutdown', spanCount: 300 });
    await expect(processor.shutdown()).resolves.toBeUndefined();
  });

  it('rejects nothing when nothing was lost', async () => {
    const { processor, endSpans } = await exporting('v4-events-only');
    endSpans(3);
    expect((await processor.close({ throwOnLoss: true })).delivered).toBe(3);
  });

  it('counts a request that was cut off by it as ambiguous', async () => {
    const { server, processor, endSpans } = await exporting('v4-events-only');
    server.faults.always('hangAfterCommit');
    endSpans(10);
    await server.waitFor(() => server.observations().length === 10);
    expect((await processor.close({ timeoutMs: 400 })).dropped.ambiguous).toBe(10);
  });

  it('takes spans that end in its first moments, and counts those that end later', async () => {
    const { server, processor, provider } = await exporting('v4-events-only');
    const tracer = provider.getTracer('test');
    const open = Array.from({ length: 50 }, (_, n) => tracer.startSpan(`open ${n}`));
    const closed = processor.close();
    await nextTurn();
    for (const span of open) span.end();
    expect((await closed).delivered).toBe(50);
    const late = tracer.startSpan('late');
    expect(() => late.end()).not.toThrow();
    expect(processor.status().ledger.refused.already_shutdown).toBe(1);
    expect(deliveriesAt(server)).toEqual({ ids: 50, most: 1 });
  });

  it.each(PROFILES)('loses none of 10,000 queued spans, with 300 ms for each answer of %s', async (profile) => {
    const { server, processor, endSpans } = await exporting(profile);
    server.faults.always({ delayMs: 300 });
    endSpans(10_000);
    expect(await processor.close()).toMatchObject({ delivered: 10_000, deadlineHit: false });
    expect(deliveriesAt(server)).toEqual({ ids: 10_000, most: 1 });
  });

  it('of two seconds in the middle of ten producers returns in 2.1 s, with every span accounted for', async () => {
    const { server, processor, endSpans } = await exporting('v4-events-only');
    server.faults.always({ delayMs: 100 });
    let isOver = false;
    const produce = async (): Promise<void> => {
      while (!isOver) {
        endSpans(20);
        await nextTurn();
      }
    };
    const producers = Array.from({ length: 10 }, produce);
    await server.waitFor(() => server.observations().length > 1_000, 10_000);
    const startedAt = performance.now();
    const report = await processor.close({ timeoutMs: 2_000 });
    const tookMs = performance.now() - startedAt;
    isOver = true;
    await Promise.all(producers);
    expect(tookMs).toBeLessThan(2_100);
    const { delivered, dropped, accepted } = report;
    const lost = dropped.ambiguous + dropped.shutdown_deadline;
    expect(delivered + report.sampledOut + lost).toBe(accepted);
    expect(server.observations().length).toBeGreaterThanOrEqual(delivered);
    expect([report.queued, report.inFlight]).toEqual([0, 0]);
  });
});

describe('a hundred requests of 1,000 spans at the same time', () => {
  it('are all at the server or in the ledger', async () => {
    const { server, processor, endSpans } = await exporting('v4-events-only', { flushAt: 100, flushInterval: 0.1 });
    const request = async (): Promise<void> => {
      for (let n = 0; n < 10; n++) {
        endSpans(100);
        await nextTurn();
      }
    };
    await Promise.all(Array.from({ length: 100 }, request));
    const { ended, delivered, sampledOut, refused } = await processor.close({ timeoutMs: 60_000 });
    expect(ended).toBe(100_000);
    expect(delivered + sampledOut + refused.queue_full).toBe(100_000);
    expect(server.observations()).toHaveLength(delivered);
  }, 90_000);
});

describe('an ambiguous request', () => {
  it('is let go and counted with resendAmbiguous: false, on OTLP only', async () => {
    for (const [profile, delivered] of [['v4-events-only', 0] as const, ['v3.225', 10] as const]) {
      const { server, processor, endSpans } = await exporting(profile, { resendAmbiguous: false });
      server.faults.next(1, 'resetAfterCommit');
      endSpans(10);
      expect((await processor.flush()).delivered).toBe(delivered);
      expect(processor.status().ledger.dropped.ambiguous).toBe(10 - delivered);
      expect(server.observations()).toHaveLength(10);
    }
  });
});

describe('a span that is tried for too long', () => {
  it.each([{ deliveryTimeoutMs: 300 }, { maxAttempts: 3 }])('(%o) is given up, said and counted', async (retry) => {
    const { server, processor, endSpans, errors } = await exporting('v4-events-only', {
      retry: { initialMs: 50, maxMs: 100, ...retry },
      circuitBreaker: { failureThreshold: 1_000 },
      timeout: 0.1,
    });
    server.faults.always('hang');
    endSpans(10);
    expect(await processor.flush()).toMatchObject({ dropped: 10, pending: 0 });
    expect(processor.status().ledger.dropped.delivery_timeout).toBe(10);
    expect(errors.at(-1)?.error.message).toContain('spans were given up after');
  });
});
