import { describe, expect, it } from 'vitest';
import { deliveriesAt, exporting } from '../support/exporting.js';
import { PROFILE_NAMES } from '../support/local-langfuse/index.js';

const INGESTION = '/api/public/ingestion';
const OTLP = '/api/public/otel/v1/traces';

describe('delivery', () => {
  it.each(PROFILE_NAMES)('brings every span to a %s server exactly once, by the protocol it takes', async (profile) => {
    const { server, processor, endSpans } = await exporting(profile);
    endSpans(300);
    const report = await processor.flush();
    expect(report).toMatchObject({ delivered: 300, rejected: 0, dropped: 0, pending: 0, deadlineHit: false });
    expect(deliveriesAt(server)).toEqual({ ids: 300, most: 1 });
    const takesOtlp = profile.startsWith('v4') || profile === 'cloud';
    expect(processor.status().protocol).toBe(takesOtlp ? 'otlp' : 'ingestion');
    expect(processor.status().serverVersion).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it.each(['v3.225', 'v4-events-only'] as const)(
    'sends by itself when the interval is over, to %s',
    async (profile) => {
      const { server, endSpans } = await exporting(profile);
      endSpans(3);
      await server.waitFor(() => server.observations().length === 3);
    },
  );

  it('loses nothing of a burst of 10,000 spans', async () => {
    const { server, processor, endSpans } = await exporting('v4-events-only');
    endSpans(10_000);
    expect((await processor.close()).delivered).toBe(10_000);
    expect(deliveriesAt(server)).toEqual({ ids: 10_000, most: 1 });
  });

  it('refuses the newest spans when the queue is full, and says how many', async () => {
    const { processor, endSpans } = await exporting('v4-events-only', {
      queue: { maxSpans: 100 },
      backpressure: { strategy: 'off' },
    });
    endSpans(150);
    const report = await processor.close();
    expect([report.delivered, report.refused.queue_full]).toEqual([100, 50]);
  });

  it('sends each span at once in immediate mode', async () => {
    const { server, processor, endSpans } = await exporting('v4-events-only', {
      exportMode: 'immediate',
      flushInterval: 60,
    });
    endSpans(300);
    await server.waitFor(() => server.observations().length === 300);
    expect(processor.status().ledger.queued).toBe(0);
  });

  it('waits for what is already under way when it flushes', async () => {
    const { server, processor, endSpans } = await exporting('v4-events-only');
    server.faults.always({ delayMs: 300 });
    endSpans(5);
    await server.waitFor(() => server.requests.some(({ path }) => path === OTLP));
    const report = await processor.flush();
    expect([report.delivered, report.pending]).toEqual([5, 0]);
    server.faults.clear();
  });

  it('says what is pending when the time for a flush is over', async () => {
    const { server, processor, endSpans } = await exporting('v4-events-only');
    server.faults.always({ delayMs: 500 });
    endSpans(5);
    expect(await processor.flush({ timeoutMs: 50 })).toMatchObject({ delivered: 0, pending: 5, deadlineHit: true });
    server.faults.clear();
  });

  it('tries again until a broken server is whole, with the same bytes', async () => {
    const { server, processor, endSpans, errors } = await exporting('v3.225');
    server.faults.next(3, { status: 503, body: '<html>down</html>', contentType: 'text/html' });
    endSpans(10);
    expect((await processor.flush()).delivered).toBe(10);
    const bodies = server.requests.filter(({ path }) => path === INGESTION).map(({ text }) => text);
    expect(new Set(bodies).size).toBe(1);
    expect(bodies).toHaveLength(4);
    expect(errors[0]?.context).toMatchObject({ operation: 'export', spanCount: 10, destination: server.baseUrl });
    expect(deliveriesAt(server).ids).toBe(10);
  });

  it('gets through when connections are cut, before or after the server took the spans', async () => {
    const { server, processor, endSpans } = await exporting('v3.225');
    server.faults.next(1, 'reset');
    server.faults.next(1, 'resetAfterCommit');
    endSpans(10);
    expect((await processor.flush()).delivered).toBe(10);
    expect(server.observations()).toHaveLength(10);
  });

  it('costs one span when the server refuses one', async () => {
    const { server, processor, endSpans, errors } = await exporting('v3.225');
    server.faults.always({
      rejectEvents: ({ body }) =>
        body['name'] === 'span 7' && body['traceId'] ? { status: 400, message: 'Invalid request data' } : undefined,
    });
    endSpans(20);
    expect(await processor.flush()).toMatchObject({ delivered: 19, rejected: 1, pending: 0 });
    expect(errors.map(({ error }) => error.message)).toEqual([expect.stringContaining('refused a span for good')]);
  });

  it('sends the same spans by OTLP when a server that cannot be asked refuses ingestion events', async () => {
    const { server, processor, endSpans } = await exporting('v4-events-only');
    server.faults.route('/api/public/health', { status: 500, body: 'down' });
    endSpans(10);
    expect((await processor.flush()).delivered).toBe(10);
    expect(server.requests.map(({ path }) => path)).toEqual(expect.arrayContaining([INGESTION, OTLP]));
    expect(deliveriesAt(server)).toEqual({ ids: 10, most: 1 });
    expect(processor.status().protocol).toBe('otlp');
  });

  it('believes what a server does more than what its health endpoint says', async () => {
    const lying = await exporting('v2.95');
    lying.server.faults.route('/api/public/health', { health: { version: '4.16.0' } });
    lying.endSpans(10);
    expect((await lying.processor.flush()).delivered).toBe(10);
    expect(lying.processor.status().protocol).toBe('ingestion');
  });

  it('finds out that a server it cannot ask is an old one, without losing the younger types', async () => {
    const { server, processor, endSpans } = await exporting('v3.97');
    server.faults.route('/api/public/health', { status: 404, body: '<html></html>', contentType: 'text/html' });
    endSpans(3, { 'langfuse.observation.type': 'agent' });
    expect((await processor.flush()).delivered).toBe(3);
    expect(server.observations().map(({ type }) => type)).toEqual(['SPAN', 'SPAN', 'SPAN']);
  });

  it('does not wait longer than a second for a health endpoint that hangs', async () => {
    const { server, processor, endSpans } = await exporting('v3.225');
    server.faults.route('/api/public/health', 'hang');
    endSpans(3);
    const report = await processor.flush();
    expect(report.delivered).toBe(3);
    expect(report.durationMs).toBeLessThan(2_000);
  });
});

describe('a mistake that a person has to mend', () => {
  it.each<[string, Parameters<typeof exporting>[1], RegExp]>([
    ['a wrong key', { secretKey: 'sk-lf-wrong' }, /AUTH_ERROR.*check publicKey, secretKey/],
    [
      'ingestion events forced on a server that refuses them',
      { protocol: 'ingestion' },
      /neither of the allowed protocols; check baseUrl and the protocol/,
    ],
  ])('(%s) keeps the spans, is said once, and does not hammer the server', async (_, options, message) => {
    const { server, processor, endSpans, errors } = await exporting('v4-events-only', options);
    endSpans(5);
    await server.waitFor(() => server.requests.some(({ method, status }) => method === 'POST' && status !== undefined));
    const report = await processor.flush({ timeoutMs: 300 });
    expect(report.pending).toBe(5);
    expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
    expect(errors.map(({ error }) => error.message)).toEqual([expect.stringMatching(message)]);
    expect(processor.status().ledger.queued).toBe(5);
  });

  it('(an address without Langfuse) is said with a remedy, after both protocols were tried', async () => {
    const { server, processor, endSpans, errors } = await exporting('v3.225');
    for (const path of [INGESTION, OTLP, '/api/public/health']) {
      server.faults.route(path, { status: 404, body: '<html>not here</html>', contentType: 'text/html' });
    }
    endSpans(5);
    expect((await processor.flush({ timeoutMs: 500 })).pending).toBe(5);
    expect(errors.map(({ error }) => error.message)).toEqual([expect.stringContaining('check baseUrl')]);
  });

  it('does not make shutdown wait for what cannot come', async () => {
    const { processor, endSpans, errors } = await exporting('v4-events-only', { secretKey: 'sk-lf-wrong' });
    endSpans(5);
    const report = await processor.close();
    expect([report.deadlineHit, report.dropped.shutdown_deadline]).toEqual([false, 5]);
    expect(report.durationMs).toBeLessThan(3_000);
    expect(errors.at(-1)?.error.code).toBe('SHUTDOWN_ERROR');
  });
});
