import { createHash } from 'node:crypto';
import { BasicTracerProvider, type Sampler, SamplingDecision } from '@opentelemetry/sdk-trace-base';
import { describe, expect, it } from 'vitest';
import type { MaskFunction } from '../../src/index.js';
import { exporting } from '../support/exporting.js';
import type { LocalLangfuse } from '../support/local-langfuse/index.js';
import { postsTo } from '../support/posts.js';
import { spanLike } from '../support/spans.js';

const PNG = Buffer.from('\x89PNG\r\n\x1a\nnot much of a picture, but more than nothing', 'latin1');
const PNG64 = PNG.toString('base64');
const PDF64 = Buffer.from('%PDF-1.4 nor is this a document').toString('base64');
const SHA256 = createHash('sha256').update(PNG).digest('base64');
const ID = SHA256.slice(0, 22).replaceAll('+', '-').replaceAll('/', '_');
const MEDIA = '/api/public/media';

const INPUT = JSON.stringify([
  {
    role: 'user',
    content: [
      { type: 'file', data: PNG64, mediaType: 'image/png' },
      { type: 'text', text: 'what?' },
    ],
  },
]);
const ATTRIBUTES = {
  'gen_ai.operation.name': 'chat',
  'langfuse.observation.input': INPUT,
  'langfuse.observation.output': `look: data:image/png;base64,${PNG64}`,
  'langfuse.observation.metadata.file': `data:application/pdf;base64,${PDF64}`,
  'app.attachment': `data:image/png;base64,${PNG64}`,
};

const bytesOf = (server: LocalLangfuse): string =>
  postsTo(server)
    .map(({ text }) => text)
    .join('\n');
const uploadsOf = (server: LocalLangfuse) => server.requests.filter(({ method }) => method === 'PUT');

describe.each(['v3.225', 'v4-events-only'] as const)('files in spans for %s', (profile) => {
  it('belong to the observation that is sent, whatever the ids of the span were', async () => {
    const { server, processor } = await exporting(profile);
    processor.onEnd(spanLike({ id: 'cut \ud83d', traceId: 'no\0 "hex"', attributes: ATTRIBUTES }));
    await processor.flush();
    const [observation] = server.observations();
    const links = server.media().flatMap((one) => one.links);
    expect(links.length).toBeGreaterThan(0);
    for (const link of links)
      expect(link).toMatchObject({ traceId: observation?.traceId, observationId: observation?.id });
  });

  it('are uploaded once, and referred to wherever they stood', async () => {
    const { server, processor, endSpans, errors } = await exporting(profile);
    endSpans(2, ATTRIBUTES);
    expect(await processor.flush()).toMatchObject({ delivered: 2, deadlineHit: false });
    const media = server.media();
    expect(media.map(({ contentType, report }) => [contentType, report?.status])).toEqual([
      ['image/png', 200],
      ['application/pdf', 200],
    ]);
    expect(media[0]).toMatchObject({ mediaId: ID, bytes: PNG });
    const [first] = server.observations();
    const links = media[0]?.links.filter(({ observationId }) => observationId === first?.id);
    expect(links?.map(({ traceId, field }) => [traceId, field])).toEqual([
      [first?.traceId, 'input'],
      [first?.traceId, 'output'],
      [first?.traceId, 'metadata'],
    ]);
    expect(uploadsOf(server)).toHaveLength(2);
    expect(JSON.stringify(first?.input)).toContain(
      `"@@@langfuseMedia:type=image/png|id=${ID}|source=bytes@@@"`.replaceAll('"', ''),
    );
    expect(first?.output).toBe(`look: @@@langfuseMedia:type=image/png|id=${ID}|source=base64_data_uri@@@`);
    expect(bytesOf(server)).not.toContain(PNG64);
    expect(bytesOf(server)).not.toContain(PDF64);
    expect(errors).toEqual([]);
  });

  it('stay where they are when uploads are switched off', async () => {
    const { server, processor, endSpans } = await exporting(profile, { mediaUploadEnabled: false });
    endSpans(1, ATTRIBUTES);
    await processor.flush();
    expect(server.media()).toEqual([]);
    expect(bytesOf(server)).toContain(PNG64);
  });

  it('are not uploaded when the mask took them away', async () => {
    const mask: MaskFunction = ({ data }) => data.replaceAll(PNG64, '***');
    const { server, processor, endSpans } = await exporting(profile, { mask });
    endSpans(1, ATTRIBUTES);
    await processor.flush();
    expect(server.media().map(({ contentType }) => contentType)).toEqual(['application/pdf']);
    expect(JSON.stringify(server.observations())).not.toContain(ID);
  });
});

describe('uploads', () => {
  it('are none for spans that are not exported', async () => {
    const { server, processor, endSpans } = await exporting('v4-events-only', { shouldExportSpan: () => false });
    const sampler: Sampler = { shouldSample: () => ({ decision: SamplingDecision.RECORD }) };
    const unsampled = new BasicTracerProvider({ sampler, spanProcessors: [processor] });
    unsampled.getTracer('test').startSpan('unsampled', { attributes: ATTRIBUTES }).end();
    endSpans(1, ATTRIBUTES);
    expect(await processor.flush()).toMatchObject({ delivered: 0 });
    expect(processor.status().ledger).toMatchObject({ unsampled: 1, filtered: 1 });
    expect(server.requests).toEqual([]);
  });

  it('do not show the store who we are to Langfuse', async () => {
    const { server, processor, endSpans } = await exporting('v4-events-only', { additionalHeaders: { 'x-team': 'a' } });
    endSpans(1, ATTRIBUTES);
    await processor.flush();
    expect(uploadsOf(server).map(({ headers }) => Object.keys(headers).sort())[0]).toEqual(
      ['connection', 'content-length', 'content-type', 'host', 'x-amz-checksum-sha256', 'x-ms-blob-type'].sort(),
    );
  });

  it('are not redirected', async () => {
    const { server, processor, endSpans, errors } = await exporting('v4-events-only');
    server.faults.route(`/local-media-upload/${ID}`, {
      status: 307,
      headers: { location: `${server.baseUrl}/elsewhere` },
    });
    endSpans(1, ATTRIBUTES);
    await processor.close({ timeoutMs: 1_500 });
    expect(server.requests.map(({ path }) => path)).not.toContain('/elsewhere');
    expect(errors.map(({ context }) => context.operation)).toContain('media');
  });

  it('come through when the server stumbles', async () => {
    const { server, processor, endSpans, errors } = await exporting('v4-events-only');
    server.faults.route(MEDIA, { status: 503 }, 1);
    server.faults.route(`/local-media-upload/${ID}`, 'reset', 1);
    endSpans(1, ATTRIBUTES);
    expect(await processor.flush()).toMatchObject({ delivered: 1, deadlineHit: false });
    expect(server.media().map(({ report }) => report?.status)).toEqual([200, 200]);
    expect(errors).toEqual([]);
  });

  it('that hang hold up no span, and a shutdown no longer than it may take', async () => {
    const { server, processor, endSpans, errors } = await exporting('v4-events-only');
    server.faults.route(MEDIA, 'hang');
    endSpans(3, ATTRIBUTES);
    await server.waitFor(() => server.observations().length === 3);
    const report = await processor.close({ timeoutMs: 300 });
    expect(report).toMatchObject({ delivered: 3, deadlineHit: true });
    expect(report.durationMs).toBeLessThan(2_000);
    expect(errors.map(({ error }) => error.message)).toEqual([expect.stringMatching(/references to files were sent/)]);
  });

  it('end with the first answer of a server that has nowhere to put files: later ones stay in the content', async () => {
    const { server, processor, endSpans, errors } = await exporting('v2.95');
    endSpans(1, ATTRIBUTES);
    expect(await processor.flush()).toMatchObject({ delivered: 1 });
    expect(errors.map(({ context }) => context.operation)).toEqual(['media']);
    expect(errors[0]?.error.message).toMatch(/set mediaUploadEnabled to false/);
    endSpans(1, ATTRIBUTES);
    expect(await processor.flush()).toMatchObject({ delivered: 1 });
    expect(bytesOf(server)).toContain(PNG64);
    expect(errors).toHaveLength(1);
  });
});
