import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { deliveriesAt, exporting } from '../../support/exporting.js';
import { postsTo } from '../../support/posts.js';

/**
 * What other exporters were measured to lose on the same load, and how they failed. The letters are theirs: E for
 * `@langfuse/otel` 5.11, V for the SDK before it.
 */
const PROFILES = ['v3.225', 'v4-events-only'] as const;
const ALL = { pending: 0, dropped: 0, rejected: 0 } as const;

describe.each(PROFILES)('to %s', (profile) => {
  it.each([10, 50, 100, 512])('E1: 2,000 spans in batches of %i pass a server of 100 ms', async (flushAt) => {
    const { server, processor, endSpans } = await exporting(profile, { flushAt });
    server.faults.always({ delayMs: 100 });
    endSpans(2_000);
    expect(await processor.flush()).toMatchObject({ delivered: 2_000, ...ALL });
    expect(deliveriesAt(server)).toEqual({ ids: 2_000, most: 1 });
  });

  it('E2: a flush waits for the request that is under way', async () => {
    const { server, processor, endSpans } = await exporting(profile, { flushAt: 5, flushInterval: 60 });
    server.faults.always({ delayMs: 500 });
    endSpans(5);
    await server.waitFor(() => postsTo(server).length === 1);
    await processor.forceFlush();
    expect(server.observations()).toHaveLength(5);
  });

  it.each([500, 503, 408, 425, 429])('E3: one %i is only a delay', async (status) => {
    const { server, processor, endSpans } = await exporting(profile, { flushAt: 512 });
    server.faults.next(1, { status, body: 'not now' });
    endSpans(100);
    expect(await processor.flush()).toMatchObject({ delivered: 100, ...ALL });
  });

  it('E3: a 413 is a reason to send less at a time', async () => {
    const { server, processor, endSpans } = await exporting(profile, { flushAt: 512 });
    server.faults.next(1, { status: 413, body: 'too large' });
    endSpans(100);
    expect(await processor.flush()).toMatchObject({ delivered: 100, ...ALL });
  });

  it('E3: a 401 or a wait of 30 s keeps the spans for a later flush', async () => {
    for (const fault of [
      { status: 401, body: 'no' },
      { status: 429, headers: { 'retry-after': '30' }, body: 'slow down' },
    ]) {
      const { server, processor, endSpans } = await exporting(profile, { flushAt: 512 });
      server.faults.next(1, fault);
      endSpans(50);
      const report = await processor.flush({ timeoutMs: 20_000 });
      expect(report.pending).toBe(50);
      expect(report.durationMs).toBeLessThan(5_000);
      processor.resetCircuitBreaker();
      expect((await processor.flush()).delivered).toBe(50);
    }
  });

  it('E5: 10,000 spans of one tick all arrive', async () => {
    const { server, processor, endSpans } = await exporting(profile);
    endSpans(10_000);
    expect(await processor.flush()).toMatchObject({ delivered: 10_000, ...ALL });
    expect(deliveriesAt(server)).toEqual({ ids: 10_000, most: 1 });
  });

  it('E8: 50 spans that end 10 ms after shutdown began arrive, too', async () => {
    const { server, processor, provider, endSpans } = await exporting(profile);
    endSpans(1);
    const open = Array.from({ length: 50 }, (_, n) => provider.getTracer('test').startSpan(`open ${n}`));
    const down = provider.shutdown();
    await pause(10);
    for (const span of open) span.end();
    await down;
    expect(server.observations()).toHaveLength(51);
    expect(processor.status().ledger.delivered).toBe(51);
  });

  it('E9: a shutdown against a server that hangs resolves at its deadline, and says what was lost', async () => {
    const { server, processor, endSpans, errors } = await exporting(profile, { shutdownTimeoutMs: 1_000 });
    server.faults.always('hang');
    endSpans(20);
    const startedAt = performance.now();
    await expect(processor.shutdown()).resolves.toBeUndefined();
    expect(performance.now() - startedAt).toBeLessThan(1_100);
    expect(errors.at(-1)).toMatchObject({ error: { code: 'SHUTDOWN_ERROR' }, context: { spanCount: 20 } });
  });

  it('E24: 300 spans of one tick, each sent at once, pass a server of 100 ms', async () => {
    const { server, processor, endSpans } = await exporting(profile, { exportMode: 'immediate' });
    server.faults.always({ delayMs: 100 });
    endSpans(300);
    expect(await processor.flush()).toMatchObject({ delivered: 300, ...ALL });
  });

  it('V1: whatever the body of a refusal is, it is read as the same refusal', async () => {
    for (const body of ['Too many requests', { message: 'Too many requests' }, '<h1>Too many requests</h1>', '']) {
      const { server, processor, endSpans } = await exporting(profile);
      server.faults.next(1, { status: 429, body });
      endSpans(10);
      expect(await processor.flush()).toMatchObject({ delivered: 10, ...ALL });
      expect(postsTo(server)).toHaveLength(2);
    }
  });

  it('V2: 20 spans of 0.9 MB all arrive at a shutdown, in bodies that servers take', async () => {
    const { server, processor, endSpans } = await exporting(profile, { compression: 'none' });
    endSpans(20, { 'gen_ai.operation.name': 'chat', 'langfuse.observation.input': 'x'.repeat(900_000) });
    expect((await processor.close()).delivered).toBe(20);
    const most = profile === 'v3.225' ? 4_718_592 : 8_000_000;
    for (const { bodyBytes } of postsTo(server)) expect(bodyBytes).toBeLessThan(most);
  });

  it('V3b: a flush waits although two requests are under way and more wait', async () => {
    const { server, processor, endSpans } = await exporting(profile, { flushAt: 10 });
    server.faults.always({ delayMs: 200 });
    endSpans(30);
    await server.waitFor(() => postsTo(server).length >= 2);
    expect(await processor.flush()).toMatchObject({ delivered: 30, ...ALL });
  });
});
