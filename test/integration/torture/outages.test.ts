import { describe, expect, it } from 'vitest';
import type { CircuitBreakerStatus } from '../../../src/index.js';
import { deliveriesAt, exporting } from '../../support/exporting.js';
import { gatewayTo } from '../../support/gateway.js';
import { startLocalLangfuse } from '../../support/local-langfuse/index.js';
import { logLines } from '../../support/log-lines.js';
import { postsTo } from '../../support/posts.js';
import { rawLangfuse } from '../../support/raw-langfuse.js';

const PROFILES = ['v3.225', 'v4-events-only'] as const;
const HOUR_MS = 3_600_000;
const QUICK_CIRCUIT = { openMs: { initial: 20, max: 50 } };

describe.each(PROFILES)('when %s', (profile) => {
  it('is down at the start and comes up later, everything arrives, and both are said once', async () => {
    const target = await startLocalLangfuse({ profile });
    const gateway = await gatewayTo(target.baseUrl);
    const { lines, logger } = logLines();
    const states: CircuitBreakerStatus['state'][] = [];
    let seenOpen = (): void => {};
    const opened = new Promise<void>((resolve) => {
      seenOpen = resolve;
    });
    const { processor, endSpans } = await exporting(profile, {
      baseUrl: gateway.baseUrl,
      logger,
      circuitBreaker: QUICK_CIRCUIT,
      onCircuitChange: ({ state }) => {
        states.push(state);
        if (state === 'open') seenOpen();
      },
    });
    endSpans(600);
    await opened;
    expect(processor.status().ledger).toMatchObject({ delivered: 0, accepted: 600 });
    await gateway.open();
    expect(await processor.flush()).toMatchObject({ delivered: 600, pending: 0 });
    expect(deliveriesAt(target)).toEqual({ ids: 600, most: 1 });
    expect(states.at(-1)).toBe('closed');
    expect(lines.filter((line) => /error: export failed: NETWORK_ERROR: no connection/.test(line))).toHaveLength(1);
    expect(lines.filter((line) => /spans are kept until/.test(line))).toHaveLength(1);
    expect(lines.filter((line) => /takes spans again/.test(line))).toHaveLength(1);
    await processor.close();
    await gateway.shut();
    await target.close();
  });

  it('answers 500 three times, the fourth request brings the same bytes, and the spans stay in flight', async () => {
    const { server, processor, endSpans } = await exporting(profile, { compression: 'none' });
    const inFlight: number[] = [];
    server.faults.when(() => {
      inFlight.push(processor.status().ledger.inFlight);
      return false;
    }, 'hang');
    server.faults.next(3, { status: 500, body: 'broken' });
    endSpans(10);
    expect(await processor.flush()).toMatchObject({ delivered: 10 });
    expect(new Set(postsTo(server).map(({ text }) => text)).size).toBe(1);
    expect(inFlight).toEqual([10, 10, 10, 10]);
    expect(deliveriesAt(server)).toEqual({ ids: 10, most: 1 });
  });

  it('asks for two seconds of peace with a 503, it gets them', async () => {
    const { server, processor, endSpans } = await exporting(profile);
    server.faults.next(1, { status: 503, headers: { 'retry-after': '2' }, body: 'busy' });
    endSpans(10);
    expect((await processor.flush({ timeoutMs: 500 })).pending).toBe(10);
    expect(processor.status().circuit).toMatchObject({ state: 'open', reason: 'throttle' });
    expect((await processor.flush()).delivered).toBe(10);
    const [first, second] = postsTo(server).map(({ receivedAt }) => receivedAt.getTime());
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(1_990);
  });
});

describe('Retry-After', () => {
  it('as a date is measured by the clock of the server, which may be an hour late', async () => {
    const { server, processor, endSpans } = await exporting('v3.225');
    const sentAt = Date.now() - HOUR_MS;
    const headers = { date: new Date(sentAt).toUTCString(), 'retry-after': new Date(sentAt + 1_000).toUTCString() };
    server.faults.next(1, { status: 429, headers, body: 'slow down' });
    endSpans(10);
    expect((await processor.flush()).delivered).toBe(10);
    const [first, second] = postsTo(server).map(({ receivedAt }) => receivedAt.getTime());
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(990);
    expect((second ?? 0) - (first ?? 0)).toBeLessThan(5_000);
  });

  it('of thirty years is taken for a quarter of an hour, and a flush does not wait for it', async () => {
    const { server, processor, endSpans } = await exporting('v4-events-only');
    server.faults.next(1, { status: 429, headers: { 'retry-after': '1000000000' }, body: 'slow down' });
    endSpans(10);
    const report = await processor.flush();
    expect(report).toMatchObject({ pending: 10, deadlineHit: false });
    expect(report.durationMs).toBeLessThan(5_000);
    const { circuit } = processor.status();
    const waitMs = Date.parse(circuit.openUntil ?? '') - Date.now();
    expect(waitMs).toBeGreaterThan(0.24 * HOUR_MS);
    expect(waitMs).toBeLessThan(0.28 * HOUR_MS);
    processor.resetCircuitBreaker();
    expect((await processor.flush()).delivered).toBe(10);
  });

  it.each(['-5', 'abc', ''])('%j is no wait: the usual retry follows', async (value) => {
    const { server, processor, endSpans } = await exporting('v4-events-only');
    server.faults.next(1, { status: 429, headers: { 'retry-after': value }, body: 'slow down' });
    endSpans(10);
    expect(await processor.flush()).toMatchObject({ delivered: 10, pending: 0 });
    expect(processor.status().circuit.state).toBe('closed');
  });

  it('shorter than the time of a shutdown costs no span', async () => {
    const { server, processor, endSpans } = await exporting('v4-events-only');
    server.faults.next(1, { status: 429, headers: { 'retry-after': '1' }, body: 'slow down' });
    endSpans(10);
    expect(await processor.close({ timeoutMs: 10_000 })).toMatchObject({ delivered: 10, deadlineHit: false });
  });
});

describe('a rate limit', () => {
  it('that is used up is waited for, before it has to say so', async () => {
    let isFirst = true;
    const server = await rawLangfuse('4.16.0', (_, response) => {
      if (isFirst) response.setHeader('x-ratelimit-remaining', '0').setHeader('x-ratelimit-reset', '1');
      isFirst = false;
      response.end('{}');
    });
    const { processor, endSpans, errors } = await exporting('v4-events-only', { baseUrl: server.baseUrl });
    endSpans(1);
    expect((await processor.flush()).delivered).toBe(1);
    expect(processor.status().circuit).toMatchObject({ state: 'open', reason: 'throttle', lastFailure: undefined });
    const startedAt = performance.now();
    endSpans(1);
    expect((await processor.flush()).delivered).toBe(1);
    expect(performance.now() - startedAt).toBeGreaterThan(500);
    expect(errors).toEqual([]);
  });
});

describe('a server that comes back while we shut down', () => {
  it('gets everything, although the circuit would have stayed open for longer', async () => {
    const { server, processor, endSpans } = await exporting('v4-events-only', {
      circuitBreaker: { failureThreshold: 2, openMs: { initial: 60_000, max: 60_000 } },
    });
    server.faults.next(3, { status: 500, body: 'restarting' });
    endSpans(10);
    expect((await processor.flush()).pending).toBe(10);
    expect(processor.status().circuit).toMatchObject({ state: 'open', reason: 'failures' });
    expect(await processor.close({ timeoutMs: 4_000 })).toMatchObject({ delivered: 10, deadlineHit: false });
    // Two that opened the circuit, the probe at once, the one that got through.
    expect(postsTo(server)).toHaveLength(4);
  });
});

describe('an event that fails for ever inside a request that succeeds', () => {
  it('is tried a few times more, then rejected, and named', async () => {
    const { server, processor, endSpans, errors } = await exporting('v3.225');
    server.faults.always({
      rejectEvents: ({ body }) => (body['name'] === 'span 1' ? { status: 500, message: 'no' } : undefined),
    });
    endSpans(5);
    expect(await processor.flush()).toMatchObject({ delivered: 4, rejected: 1, pending: 0 });
    expect(errors.at(-1)?.error.message).toMatch(/span [0-9a-f]{16} of trace .* fails each time.*shouldExportSpan/);
    expect(processor.status().circuit.state).toBe('closed');
    expect(postsTo(server).length).toBeLessThan(10);
  });
});
