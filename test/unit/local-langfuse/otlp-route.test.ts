import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { LocalLangfuse } from '../../support/local-langfuse/index.js';
import { type BatchReply, type Call, call } from './client.js';
import { served } from './served.js';

const TRACE = 'a'.repeat(32);

const span = (over: object = {}) => ({
  traceId: TRACE,
  spanId: 'b'.repeat(16),
  name: 'chat',
  kind: 1,
  startTimeUnixNano: '1767225600000000000',
  endTimeUnixNano: '1767225601000000000',
  attributes: [{ key: 'langfuse.observation.type', value: { stringValue: 'generation' } }],
  status: {},
  ...over,
});

const exportOf = (...spans: unknown[]) =>
  JSON.stringify({ resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ scope: { name: 's' }, spans }] }] });

function send(langfuse: LocalLangfuse, body: string | Buffer, options: Call = {}) {
  const headers = { 'content-type': 'application/json', 'x-langfuse-ingestion-version': '4', ...options.headers };
  return call(langfuse, '/api/public/otel/v1/traces', { method: 'POST', body, ...options, headers });
}

describe('POST /api/public/otel/v1/traces', () => {
  it.each(['v3.225', 'v4-legacy', 'v4-dual', 'v4-events-only', 'cloud'] as const)(
    'stores a span on %s',
    async (profile) => {
      const langfuse = await served(profile);
      expect((await send(langfuse, exportOf(span()))).status).toBe(200);
      expect(langfuse.observations()).toMatchObject([
        { id: span().spanId, traceId: TRACE, type: 'GENERATION', name: 'chat' },
      ]);
      expect(langfuse.trace(TRACE)).toMatchObject({ id: TRACE, name: 'chat' });
      expect(langfuse.deliveries(span().spanId)).toBe(1);
    },
  );

  it('shows a span that came twice twice on v4, and once where it merges by id', async () => {
    for (const [profile, seen] of [
      ['v4-events-only', 2],
      ['v3.225', 1],
    ] as const) {
      const langfuse = await served(profile);
      await send(langfuse, exportOf(span()));
      await send(langfuse, exportOf(span()));
      expect(langfuse.observations()).toHaveLength(seen);
      expect(langfuse.deliveries(span().spanId)).toBe(2);
    }
  });

  it('inflates gzip, and only gzip', async () => {
    const langfuse = await served('v4-events-only');
    const headers = { 'content-encoding': 'gzip' };
    expect((await send(langfuse, gzipSync(exportOf(span())), { headers })).status).toBe(200);
    expect(langfuse.requests[0]?.json()).toMatchObject({ resourceSpans: [{}] });
    const broken = await send(langfuse, 'no gzip', { headers });
    expect([broken.status, broken.json()]).toEqual([400, { error: 'Failed to decompress request body' }]);
  });

  it('is not there on v2', async () => {
    const reply = await send(await served('v2.95'), exportOf(span()));
    expect([reply.status, reply.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
  });

  it('lists events where later servers are opaque', async () => {
    const reply = await send(await served('v3.97'), exportOf(span()));
    expect(reply.json<BatchReply>()).toMatchObject({ successes: [{ status: 201 }, { status: 201 }], errors: [] });
  });

  it.each([
    ['an attribute without value', span({ attributes: [{ key: 'a' }] })],
    ['a null event', span({ events: [null] })],
    [
      'half an emoji in an attribute',
      span({ attributes: [{ key: 'langfuse.observation.input', value: { stringValue: '\ud83d' } }] }),
    ],
  ])('answers 200 and loses every span of a request with %s', async (_, strange) => {
    const langfuse = await served('v4-events-only');
    expect((await send(langfuse, exportOf(span({ spanId: 'c'.repeat(16) }), strange))).status).toBe(200);
    expect(langfuse.observations()).toEqual([]);
  });

  it('refuses the whole export for one malformed span, since v4', async () => {
    const malformed = exportOf(span(), span({ spanId: undefined }));
    const langfuse = await served('v4-events-only');
    const reply = await send(langfuse, malformed);
    expect(reply.status).toBe(400);
    expect(reply.json()).toMatchObject({ error: expect.stringMatching(/^Invalid OTLP trace export: 1 of 2 span/) });
    expect(langfuse.deliveries(span().spanId)).toBe(0);
    expect((await send(await served('v3.225'), malformed)).status).toBe(200);
  });

  it('refuses a protocol version it does not know, and a key that may not write', async () => {
    const langfuse = await served('v4-events-only');
    const version = await send(langfuse, exportOf(span()), { headers: { 'x-langfuse-ingestion-version': '5' } });
    expect(version.json()).toEqual({ error: 'Unsupported x-langfuse-ingestion-version: "5". Maximum supported: "4".' });
    const bearer = await send(langfuse, exportOf(span()), {
      headers: { authorization: `Bearer ${langfuse.publicKey}` },
    });
    expect(bearer.status).toBe(403);
  });
});
