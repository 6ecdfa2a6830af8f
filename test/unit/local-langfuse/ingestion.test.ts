import { describe, expect, it } from 'vitest';
import { type BatchReply, call, event, ingest } from './client.js';
import { served } from './served.js';

describe('POST /api/public/ingestion', () => {
  it('answers 207 with what it took and what it did not, found again by id', async () => {
    const langfuse = await served('v3.225');
    const good = event('span-create', { id: 'o1', traceId: 't1' });
    const bad = event('span-create', { id: 'o2', traceId: 't1', level: 'INFO' });
    const reply = await ingest(langfuse, [bad, good, null]);
    expect(reply.status).toBe(207);
    const { successes, errors } = reply.json<BatchReply>();
    expect(successes).toEqual([{ id: good.id, status: 201 }]);
    expect(errors).toMatchObject([
      { id: bad.id, status: 400, message: 'Invalid request data' },
      { id: 'unknown', status: 400 },
    ]);
    expect(JSON.parse(errors[0]?.error ?? '')).toMatchObject([{ path: ['body', 'level'] }]);
  });

  it('lists successes by envelope time, updates last', async () => {
    const langfuse = await served('v3.225');
    const update = event('span-update', { id: 'o1', traceId: 't' }, { timestamp: '2026-01-01T00:00:00Z' });
    const late = event('span-create', { id: 'o1', traceId: 't' }, { timestamp: '2026-01-01T00:00:09Z' });
    const early = event('span-create', { id: 'o2', traceId: 't' }, { timestamp: '2026-01-01T00:00:01Z' });
    const { successes } = (await ingest(langfuse, [update, late, early])).json<BatchReply>();
    expect(successes.map(({ id }) => id)).toEqual([early.id, late.id, update.id]);
  });

  it('takes logs without a word', async () => {
    const langfuse = await served('v3.225');
    const reply = await ingest(langfuse, [event('sdk-log', { log: 'hello' })]);
    expect(reply.json()).toEqual({ successes: [], errors: [] });
  });

  it('refuses everything but scores on v4 in events_only mode, inside a 207', async () => {
    const langfuse = await served('v4-events-only');
    const span = event('span-create', { id: 'o1', traceId: 't1' });
    const score = event('score-create', { id: 's1', traceId: 't1', name: 'quality', value: 1 });
    const { successes, errors } = (await ingest(langfuse, [span, score])).json<BatchReply>();
    expect(successes).toEqual([{ id: score.id, status: 201 }]);
    expect(errors).toMatchObject([{ id: span.id, status: 400, message: 'Event type not accepted' }]);
    expect(langfuse.observations()).toEqual([]);
    expect(langfuse.scores()).toMatchObject([{ id: 's1', name: 'quality', value: 1, dataType: 'NUMERIC' }]);
  });

  it('lets a public key alone send scores only', async () => {
    const langfuse = await served('v3.225');
    const span = event('span-create', { id: 'o1', traceId: 't1' });
    const headers = { authorization: `Bearer ${langfuse.publicKey}` };
    const { errors } = (await ingest(langfuse, [span], { headers })).json<BatchReply>();
    expect(errors).toEqual([
      { id: span.id, status: 401, message: 'Authentication error', error: 'Access Scope Denied' },
    ]);
  });

  it('is gone from Langfuse Cloud', async () => {
    const reply = await ingest(await served('cloud'), []);
    expect(reply.status).toBe(404);
    expect(reply.headers['content-type']).toBe('text/html; charset=utf-8');
  });

  it.each([
    { profile: 'v3.97', environment: 'Prod', status: 400 },
    { profile: 'v3.160', environment: 'Prod', status: 201 },
    { profile: 'v3.160', environment: 'a b', status: 400 },
    { profile: 'v3.225', environment: 'a b', status: 201 },
  ] as const)('answers $status for the environment "$environment" on $profile', async (given) => {
    const langfuse = await served(given.profile);
    const span = event('span-create', { id: 'o1', traceId: 't1', environment: given.environment });
    const { successes, errors } = (await ingest(langfuse, [span])).json<BatchReply>();
    expect([...successes, ...errors]).toMatchObject([{ status: given.status }]);
  });

  it('looks at the size of a body before it looks at the keys', async () => {
    const langfuse = await served('v3.225');
    const body = ' '.repeat(4_718_593);
    const reply = await ingest(langfuse, [], { body, headers: { authorization: 'Basic bm86bm8=' } });
    expect(reply).toMatchObject({ status: 413, text: 'Body exceeded 4.5mb limit' });
  });

  it('lives below the base path, and nowhere else', async () => {
    const langfuse = await served({ profile: 'v3.225', basePath: '/langfuse/' });
    expect(langfuse.baseUrl).toMatch(/\/langfuse$/);
    expect((await call(langfuse, '/api/public/health')).json()).toEqual({ status: 'OK', version: '3.225.4' });
    const root = { ...langfuse, baseUrl: langfuse.baseUrl.replace('/langfuse', '') };
    expect((await call(root, '/api/public/health')).status).toBe(404);
    expect((await call(langfuse, '/api/public/health/')).headers.location).toBe('/langfuse/api/public/health');
  });
});
