import { describe, expect, it } from 'vitest';
import { type BatchReply, call, event, ingest } from './client.js';
import { served } from './served.js';

const span = () => event('span-create', { id: 'o', traceId: 't' });

describe('faults', () => {
  it('answer the next deliveries as scripted, and store nothing', async () => {
    const langfuse = await served('v3.225');
    langfuse.faults.next(1, { status: 429, headers: { 'retry-after': '7' }, body: { message: 'slow down' } });
    langfuse.faults.next(1, { status: 524, contentType: 'text/html', body: '<html>time-out</html>' });
    const first = await ingest(langfuse, [span()]);
    expect(first).toMatchObject({ status: 429, text: '{"message":"slow down"}' });
    expect(first.headers['retry-after']).toBe('7');
    expect(await ingest(langfuse, [span()])).toMatchObject({ status: 524, text: '<html>time-out</html>' });
    expect(langfuse.observations()).toEqual([]);
    expect((await ingest(langfuse, [span()])).status).toBe(207);
    expect(langfuse.requests.map(({ status }) => status)).toEqual([429, 524, 207]);
  });

  it('leave the health route alone unless they are meant for it', async () => {
    const langfuse = await served('v3.225');
    langfuse.faults.always({ status: 503 });
    expect((await call(langfuse, '/api/public/health')).status).toBe(200);
    langfuse.faults.route('/api/public/health', { health: { version: '2.0.0' } }, 1);
    expect((await call(langfuse, '/api/public/health')).json()).toEqual({ status: 'OK', version: '2.0.0' });
    langfuse.faults.route('/api/public/health', { health: { status: 503 } });
    expect((await call(langfuse, '/api/public/health')).status).toBe(503);
    expect((await ingest(langfuse, [span()])).status).toBe(503);
    langfuse.faults.clear();
    expect((await ingest(langfuse, [span()])).status).toBe(207);
  });

  it('cut the connection before the request is processed, or after', async () => {
    const langfuse = await served('v3.225');
    langfuse.faults.next(1, 'reset');
    await expect(ingest(langfuse, [span()])).rejects.toThrow();
    expect(langfuse.deliveries('o')).toBe(0);
    langfuse.faults.next(1, 'resetAfterCommit');
    await expect(ingest(langfuse, [span()])).rejects.toThrow();
    expect(langfuse.deliveries('o')).toBe(1);
    expect(langfuse.requests.map(({ status }) => status)).toEqual([undefined, undefined]);
  });

  it.each([
    { fault: 'hang', deliveries: 0 },
    { fault: 'hangAfterCommit', deliveries: 1 },
  ] as const)('never answer: $fault', async ({ fault, deliveries }) => {
    const langfuse = await served('v3.225');
    langfuse.faults.next(1, fault);
    const giveUp = new AbortController();
    const request = ingest(langfuse, [span()], { signal: giveUp.signal });
    await langfuse.waitFor(() => langfuse.requests.length === 1 && langfuse.deliveries('o') === deliveries);
    giveUp.abort();
    await expect(request).rejects.toThrow();
    expect(langfuse.observations()).toHaveLength(deliveries);
  });

  it('end when the server closes, so that a hanging client is let go', async () => {
    const langfuse = await served('v3.225');
    langfuse.faults.always('hang');
    const request = expect(ingest(langfuse, [span()])).rejects.toThrow();
    await langfuse.waitFor(() => langfuse.requests.length === 1);
    await langfuse.close();
    await request;
  });

  it('make the server slow, or its answer', async () => {
    const langfuse = await served('v3.225');
    langfuse.faults.next(1, { delayMs: 20 });
    const startedAt = performance.now();
    expect((await ingest(langfuse, [span()])).status).toBe(207);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(19);
    langfuse.faults.next(1, 'slowDrip');
    const { successes } = (await ingest(langfuse, [span()])).json<BatchReply>();
    expect(successes).toHaveLength(1);
  });

  it('meet only the requests they are meant for', async () => {
    const langfuse = await served('v3.225');
    langfuse.faults.when(({ text }) => text.includes('poison'), { status: 500 });
    expect((await ingest(langfuse, [span(), event('span-create', { id: 'poison', traceId: 't' })])).status).toBe(500);
    expect((await ingest(langfuse, [span()])).status).toBe(207);
  });

  it('refuse single events inside the 207', async () => {
    const langfuse = await served('v3.225');
    langfuse.faults.next(1, {
      rejectEvents: ({ body }) => (body['id'] === 'o' ? { status: 500, error: 'no' } : undefined),
    });
    const refused = span();
    const reply = (await ingest(langfuse, [refused, event('trace-create', { id: 't' })])).json<BatchReply>();
    expect(reply.errors).toEqual([{ id: refused.id, status: 500, error: 'no' }]);
    expect(reply.successes).toHaveLength(1);
    expect(langfuse.deliveries('o')).toBe(0);
  });
});
