import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mediaServer, uploadHeaders } from '../../../src/http/media-server.js';
import { objectStore } from '../../../src/http/object-store.js';
import { httpTransport } from '../../../src/http/transport.js';
import type { MediaServer } from '../../../src/ports.js';
import { systemClock } from '../../../src/runtime/clock.js';

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}
interface Answer {
  readonly status: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
}

const MEDIUM = { id: 'an-id', sha256: 'a-hash', contentType: 'image/png', bytes: Buffer.from('bytes') };
const LINK = { traceId: 't', observationId: 'o', field: 'input' } as const;
const NEVER = new AbortController().signal;

/** A server that is Langfuse and its object store in one, and answers as told. */
async function serving(answer: (asked: Asked) => Answer) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url, headers } = request;
    const one = { method, url, headers, body: Buffer.concat(chunks).toString() };
    asked.push(one);
    const { status, headers: more = {}, body = '' } = answer(one);
    response.writeHead(status, more).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const baseUrl = `http://127.0.0.1:${port}`;
  const transport = httpTransport({
    baseUrl,
    headers: { authorization: 'Basic key' },
    connections: 2,
    attemptTimeoutMs: 1_000,
  });
  const store = objectStore(2);
  onTestFinished(async () => {
    await transport.close();
    await store.close();
    await new Promise((resolve) => server.close(resolve));
  });
  const media: MediaServer = mediaServer({ transport, store, clock: systemClock(), attemptTimeoutMs: 1_000 });
  return { media, asked, baseUrl, port };
}

describe('the announcement of a file', () => {
  it('says what it is and where it stands, and learns where to put it', async () => {
    const body = JSON.stringify({ mediaId: 'an-id', uploadUrl: 'http://store/x' });
    const { media, asked } = await serving(() => ({ status: 201, body }));
    expect(await media.announce(MEDIUM, LINK, NEVER)).toEqual({ kind: 'announced', uploadUrl: 'http://store/x' });
    expect(asked[0]).toMatchObject({
      method: 'POST',
      url: '/api/public/media',
      headers: { authorization: 'Basic key' },
    });
    const said = {
      traceId: 't',
      observationId: 'o',
      field: 'input',
      contentType: 'image/png',
      contentLength: 5,
      sha256Hash: 'a-hash',
    };
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual(said);
  });

  it('learns that there is nothing to put anywhere', async () => {
    const { media } = await serving(() => ({ status: 201, body: '{"mediaId":"an-id","uploadUrl":null}' }));
    expect(await media.announce(MEDIUM, LINK, NEVER)).toEqual({ kind: 'announced', uploadUrl: undefined });
  });

  it.each<[string, Answer, object]>([
    ['no media at all', { status: 404 }, { kind: 'unavailable' }],
    ['no bucket', { status: 500, body: 'Media upload to blob storage not enabled' }, { kind: 'unavailable' }],
    ['an unknown type', { status: 400 }, { kind: 'refused' }],
    ['wrong keys', { status: 401 }, { kind: 'retry' }],
    ['trouble', { status: 500 }, { kind: 'retry', afterMs: undefined }],
    ['too many', { status: 429, headers: { 'retry-after': '7' } }, { kind: 'retry', afterMs: 7_000 }],
  ])('tells %s apart', async (_what, answer, expected) => {
    const { media } = await serving(() => answer);
    expect(await media.announce(MEDIUM, LINK, NEVER)).toMatchObject(expected);
  });
});

describe('the upload of a file', () => {
  it.each([200, 201, 204])(
    'is reported as stored when the store answers %i, so that the server knows it again',
    async (status) => {
      const { media, asked, baseUrl } = await serving(({ method }) => ({ status: method === 'PUT' ? status : 200 }));
      expect(await media.upload(MEDIUM, `${baseUrl}/put?signature=x`, NEVER)).toEqual({ kind: 'done' });
      expect(asked.map(({ method, url }) => [method, url])).toEqual([
        ['PUT', '/put?signature=x'],
        ['PATCH', '/api/public/media/an-id'],
      ]);
      expect(asked[0]?.headers['authorization']).toBeUndefined();
      expect(JSON.parse(asked[1]?.body ?? '')).toMatchObject({ uploadHttpStatus: 200 });
    },
  );

  it('is reported as failed when the store refuses it, and may be tried again with a new URL', async () => {
    const { media, asked, baseUrl } = await serving(({ method }) => ({ status: method === 'PUT' ? 403 : 200 }));
    const outcome = await media.upload(MEDIUM, `${baseUrl}/put?signature=SIGNATURE`, NEVER);
    expect(outcome).toMatchObject({ kind: 'retry' });
    expect(JSON.stringify(outcome)).not.toContain('SIGNATURE');
    expect(JSON.parse(asked[1]?.body ?? '')).toMatchObject({ uploadHttpStatus: 403 });
  });

  it('does not say the signed URL when there is no answer', async () => {
    const { media } = await serving(() => ({ status: 200 }));
    const outcome = await media.upload(MEDIUM, 'http://127.0.0.1:1/put?signature=SIGNATURE', NEVER);
    expect(outcome).toMatchObject({ kind: 'retry', cause: { message: expect.stringContaining('127.0.0.1:1') } });
    expect(JSON.stringify(outcome)).not.toContain('SIGNATURE');
  });

  it.each([
    ['https://bucket.s3.eu-central-1.amazonaws.com/x', ['content-type', 'x-amz-checksum-sha256', 'x-ms-blob-type']],
    ['https://storage.googleapis.com/bucket/x', ['content-type']],
    ['https://bucket.storage.googleapis.com/x', ['content-type']],
    ['https://storage.googleapis.com.example.org/x', ['content-type', 'x-amz-checksum-sha256', 'x-ms-blob-type']],
  ])('has the headers that the store at %s expects', (url, names) => {
    expect(Object.keys(uploadHeaders(MEDIUM, new URL(url))).sort()).toEqual(names);
  });

  it('takes no URL that is none', async () => {
    const { media } = await serving(() => ({ status: 200 }));
    expect(await media.upload(MEDIUM, '/relative', NEVER)).toMatchObject({ kind: 'refused' });
  });
});
