import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { type LocalLangfuse, startLocalLangfuse } from '../../support/local-langfuse/index.js';
import { event, ingest } from './client.js';
import { served } from './served.js';

/** Has got an answer, and keeps its connection. */
async function idleClient({ baseUrl }: LocalLangfuse): Promise<Agent> {
  const agent = new Agent({ keepAlive: true });
  await new Promise<void>((resolve, reject) => {
    const outgoing = request(`${baseUrl}/api/public/health`, { agent }, (incoming) => {
      incoming.resume().once('end', resolve);
    });
    outgoing.once('error', reject).end();
  });
  return agent;
}

it('closes at once when its clients have closed', async () => {
  const langfuse = await startLocalLangfuse();
  await ingest(langfuse, []);
  await expect(langfuse.close()).resolves.toBeUndefined();
  await expect(langfuse.close()).resolves.toBeUndefined();
});

it('refuses to close quietly while a client keeps an idle connection', async () => {
  const langfuse = await startLocalLangfuse();
  const agent = await idleClient(langfuse);
  await expect(langfuse.close()).rejects.toThrow(/1 client connection.*idle after GET \/api\/public\/health/);
  agent.destroy();
});

it('does not take closed connections for open ones when the thread is kept busy meanwhile', async () => {
  const langfuse = await startLocalLangfuse();
  const agent = await idleClient(langfuse);
  agent.destroy();
  const closed = langfuse.close();
  const busyUntil = performance.now() + 1_500;
  while (performance.now() < busyUntil);
  await expect(closed).resolves.toBeUndefined();
});

it('closes over an open connection when it is forced to', async () => {
  const langfuse = await startLocalLangfuse();
  const socket = connect(Number(new URL(langfuse.baseUrl).port), '127.0.0.1');
  await once(socket, 'connect');
  const ended = once(socket, 'close');
  socket.on('error', () => {});
  await langfuse.close({ force: true });
  await ended;
});

it('knows its profiles by name', async () => {
  const profile: string = 'v5';
  // @ts-expect-error: plain JavaScript gets past the type.
  await expect(startLocalLangfuse({ profile })).rejects.toThrow(/must be one of v2\.95, .*cloud, got "v5"/);
});

it('waits for what a predicate says, and tells what it waited for', async () => {
  const langfuse = await served('v3.225');
  const arrived = langfuse.waitFor(() => langfuse.observations().length === 1);
  await ingest(langfuse, [event('span-create', { id: 'o', traceId: 't' })]);
  await arrived;
  await expect(langfuse.waitFor(() => langfuse.observations().length === 2, 1)).rejects.toThrow(
    /not within 1 ms: .*observations\(\)\.length === 2.*1 requests, 1 observations/,
  );
});

it('keeps every request, and forgets everything on reset', async () => {
  const langfuse = await served('v3.225');
  await ingest(langfuse, [event('span-create', { id: 'o', traceId: 't' })]);
  const [request] = langfuse.requests;
  expect(request).toMatchObject({ method: 'POST', path: '/api/public/ingestion', status: 207 });
  expect(request?.json()).toMatchObject({ batch: [{ type: 'span-create' }] });
  expect(request?.bodyBytes).toBe(request?.text.length);
  langfuse.faults.always({ status: 500 });
  langfuse.reset();
  expect([langfuse.requests, langfuse.observations(), langfuse.deliveries('o')]).toEqual([[], [], 0]);
  expect((await ingest(langfuse, [])).status).toBe(207);
});
