import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { LocalLangfuse } from '../../support/local-langfuse/index.js';
import { call } from './client.js';
import { served } from './served.js';

const bytes = Buffer.from('a picture');
const sha256Hash = createHash('sha256').update(bytes).digest('base64');
const announcement = {
  traceId: 't',
  observationId: 'o',
  field: 'input',
  contentType: 'image/png',
  contentLength: bytes.length,
  sha256Hash,
};

const announce = (langfuse: LocalLangfuse, over: object = {}) =>
  call(langfuse, '/api/public/media', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...announcement, ...over }),
  });

interface Announced {
  readonly mediaId: string;
  readonly uploadUrl: string | null;
}

it('takes a file in three steps, and the second time knows it', async () => {
  const langfuse = await served('v3.225');
  const first = await announce(langfuse);
  expect(first.status).toBe(201);
  const { mediaId, uploadUrl } = first.json<Announced>();
  expect(mediaId).toBe(sha256Hash.replaceAll('+', '-').replaceAll('/', '_').slice(0, 22));
  const path = uploadUrl?.slice(langfuse.baseUrl.length) ?? '';
  const headers = { 'content-type': 'image/png', 'x-amz-checksum-sha256': sha256Hash };
  expect((await call(langfuse, path, { method: 'PUT', headers, body: bytes })).status).toBe(200);
  const report = { uploadedAt: new Date().toISOString(), uploadHttpStatus: 200, uploadTimeMs: 5 };
  const reported = await call(langfuse, `/api/public/media/${mediaId}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(report),
  });
  expect(reported.status).toBe(200);
  const second = await announce(langfuse, { field: 'output' });
  expect(second.json()).toEqual({ mediaId, uploadUrl: null });
  expect(langfuse.media()).toMatchObject([
    { mediaId, bytes, report: { status: 200, error: null }, links: [{ field: 'input' }, { field: 'output' }] },
  ]);
});

it('refuses an upload that is not what was announced', async () => {
  const langfuse = await served('v3.225');
  const { uploadUrl } = (await announce(langfuse)).json<Announced>();
  const path = uploadUrl?.slice(langfuse.baseUrl.length) ?? '';
  const put = (type: string, body: Buffer) =>
    call(langfuse, path, { method: 'PUT', headers: { 'content-type': type }, body });
  expect((await put('image/jpeg', bytes)).status).toBe(403);
  expect((await put('image/png', Buffer.from('short'))).status).toBe(403);
  expect((await put('image/png', Buffer.from('b picture'))).status).toBe(400);
  expect(langfuse.media()[0]).not.toHaveProperty('bytes');
});

it.each([
  { over: { contentType: 'image/nonsense' } },
  { over: { sha256Hash: 'short' } },
  { over: { contentLength: 0 } },
])('refuses the announcement of $over', async ({ over }) => {
  expect((await announce(await served('v3.225'), over)).status).toBe(400);
});

it('has nowhere to put files on v2', async () => {
  expect((await announce(await served('v2.95'))).status).toBe(500);
});
