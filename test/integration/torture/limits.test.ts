import { describe, expect, it } from 'vitest';
import { exporting } from '../../support/exporting.js';
import type { LoggedRequest } from '../../support/local-langfuse/http/exchange.js';
import { postsTo } from '../../support/posts.js';
import { eventIdsIn, rawLangfuse } from '../../support/raw-langfuse.js';

const PROFILES = ['v3.225', 'v4-events-only'] as const;
const OTLP_ONLY = { protocol: 'otlp', compression: 'none', flushInterval: 60, flushAt: 512 } as const;
const MEGABYTE = 1_000_000;

const brings = (name: string) => (request: LoggedRequest) => request.text.includes(`"${name}"`);

describe('a request that the server refuses whole', () => {
  it('for one span of 512 costs that span, and at most 26 requests', async () => {
    const { server, processor, endSpans, errors } = await exporting('v4-events-only', OTLP_ONLY);
    server.faults.when(brings('span 300'), { status: 400, body: { message: 'Invalid request data' } });
    endSpans(512);
    expect(await processor.flush()).toMatchObject({ delivered: 511, rejected: 1, pending: 0 });
    expect(postsTo(server).length).toBeLessThanOrEqual(26);
    expect(server.observations()).toHaveLength(511);
    expect(errors.map(({ context }) => context.spanCount)).toEqual([1]);
  });

  it('for four spans beside each other costs those four', async () => {
    const { server, processor, endSpans } = await exporting('v4-events-only', OTLP_ONLY);
    const areBad = ['span 0', 'span 1', 'span 2', 'span 3'].map(brings);
    server.faults.when((request) => areBad.some((isBad) => isBad(request)), { status: 400, body: 'bad' });
    endSpans(512);
    expect(await processor.flush()).toMatchObject({ delivered: 508, rejected: 4, pending: 0 });
  });

  it('whatever is in it, is given up early, and the circuit stays closed', async () => {
    const { server, processor, endSpans } = await exporting('v4-events-only', OTLP_ONLY);
    server.faults.always({ status: 400, body: { message: 'Invalid request data' } });
    endSpans(512);
    expect(await processor.flush()).toMatchObject({ delivered: 0, rejected: 512, pending: 0 });
    expect(postsTo(server).length).toBeLessThanOrEqual(1 + 26);
    expect(processor.status().circuit).toMatchObject({ state: 'closed', failures: 0 });
  });
});

describe.each(PROFILES)('a limit of the way to %s', (profile) => {
  it('is learned: bodies are halved until they fit, nothing is lost, and from then on they nearly always do', async () => {
    const { server, processor, endSpans } = await exporting(profile, { compression: 'none', flushAt: 512 });
    server.faults.when(({ bodyBytes }) => bodyBytes > MEGABYTE / 4, { status: 413, body: 'too large' });
    const round = async (): Promise<{ readonly sent: number; readonly refused: number }> => {
      const before = postsTo(server).length;
      endSpans(200, { 'gen_ai.operation.name': 'chat', 'langfuse.observation.input': 'x'.repeat(40_000) });
      expect(await processor.flush()).toMatchObject({ delivered: 200, rejected: 0, dropped: 0 });
      const posts = postsTo(server).slice(before);
      return { sent: posts.length, refused: posts.filter(({ status }) => status === 413).length };
    };
    expect((await round()).refused).toBeGreaterThan(0);
    const later = [await round(), await round(), await round(), await round()];
    const sum = (of: 'sent' | 'refused'): number => later.reduce((total, posts) => total + posts[of], 0);
    // Now and then it is tried whether the limit still stands.
    expect(sum('refused') / sum('sent')).toBeLessThan(0.05);
    expect(processor.status().circuit.state).toBe('closed');
  });

  it('of 1 MB leaves a single span of 6 MB delivered, cut to fit and marked', async () => {
    const { server, processor, endSpans } = await exporting(profile, { compression: 'none' });
    server.faults.when(({ bodyBytes }) => bodyBytes > MEGABYTE, { status: 413, body: 'too large' });
    endSpans(1, { 'gen_ai.operation.name': 'chat', 'langfuse.observation.input': 'x'.repeat(6 * MEGABYTE) });
    expect(await processor.flush()).toMatchObject({ delivered: 1, dropped: 0 });
    expect(postsTo(server).length).toBeLessThanOrEqual(4);
    expect(JSON.stringify(server.observations()[0]?.input)).toContain('truncated');
  });

  it('that nothing fits through drops the span after a few requests', async () => {
    const { server, processor, endSpans } = await exporting(profile);
    server.faults.always({ status: 413, body: 'too large' });
    endSpans(1);
    expect(await processor.flush()).toMatchObject({ dropped: 1, pending: 0 });
    expect(processor.status().ledger.dropped.too_large).toBe(1);
    expect(postsTo(server).length).toBeLessThanOrEqual(4);
  });
});

describe('an answer to an ingestion request', () => {
  it('with every kind of entry settles each event by its id', async () => {
    const tries = new Map<string, number>();
    const server = await rawLangfuse('3.225.0', (request, response) => {
      const successes: { id: string; status: number }[] = [];
      const errors: { id: string; status: number; message: string }[] = [];
      const { batch } = JSON.parse(request.body) as { batch: { id: string; body: { name: string } }[] };
      for (const { id, body } of batch) {
        const isFirst = !tries.has(id);
        tries.set(id, (tries.get(id) ?? 0) + 1);
        const isObservation = !id.endsWith('-trace');
        if (isObservation && body.name === 'span 1') errors.push({ id, status: 400, message: 'Invalid request data' });
        else if (isObservation && body.name === 'span 2' && isFirst) errors.push({ id, status: 500, message: 'oops' });
        else if (!isObservation || body.name !== 'span 3' || !isFirst) successes.push({ id, status: 201 });
      }
      response.statusCode = 207;
      // The server's order is its own.
      response.end(JSON.stringify({ successes: successes.reverse(), errors }));
    });
    const { processor, endSpans } = await exporting('v3.225', { baseUrl: server.baseUrl });
    endSpans(5);
    expect(await processor.flush()).toMatchObject({ delivered: 4, rejected: 1, pending: 0 });
    expect(server.requests).toHaveLength(2);
    const again = server.requests[1];
    const observations = again ? eventIdsIn(again).filter((id) => !id.endsWith('-trace')) : [];
    expect(observations).toHaveLength(2);
    expect([...tries].filter(([id, count]) => !id.endsWith('-trace') && count === 2)).toHaveLength(2);
  });

  it('that is cut off in the middle is no answer: the same events go again', async () => {
    const { server, processor, endSpans } = await exporting('v3.225');
    server.faults.next(1, { status: 207, body: '{"successes":[{"id":"a', contentType: 'application/json' });
    endSpans(5);
    expect(await processor.flush()).toMatchObject({ delivered: 5, pending: 0 });
    expect(postsTo(server)).toHaveLength(2);
  });

  it('that is never whole is asked for a few times, then the circuit opens', async () => {
    const { server, processor, endSpans } = await exporting('v3.225', {
      circuitBreaker: { openMs: { initial: 60_000 } },
    });
    server.faults.always({ status: 207, body: '{"successes":[', contentType: 'application/json' });
    endSpans(5);
    expect((await processor.flush()).pending).toBe(5);
    expect(postsTo(server)).toHaveLength(5);
    expect(processor.status().circuit.state).toBe('open');
  });
});

describe('an OTLP answer that counts refused spans without naming them', () => {
  it('rejects so many, delivers the rest, and repeats nothing', async () => {
    const server = await rawLangfuse('4.16.0', (_, response) => {
      response.end(JSON.stringify({ partialSuccess: { rejectedSpans: '3', errorMessage: 'over quota' } }));
    });
    const { processor, endSpans, errors } = await exporting('v4-events-only', { baseUrl: server.baseUrl });
    endSpans(10);
    expect(await processor.flush()).toMatchObject({ delivered: 7, rejected: 3, pending: 0 });
    expect(server.requests).toHaveLength(1);
    expect(errors.map(({ error }) => error.message)).toEqual([expect.stringContaining('refused 3 of 10 spans')]);
    expect(errors[0]?.context).toMatchObject({ operation: 'export', spanCount: 3 });
    expect(processor.status().circuit).toMatchObject({ state: 'closed', failures: 0 });
  });
});

describe.each(PROFILES)('a page with status 200 from %s', (profile) => {
  it('delivers nothing: the spans are held, with one error that names the address', async () => {
    const { server, processor, endSpans, errors } = await exporting(profile);
    server.faults.always({ status: 200, body: '<!doctype html><title>Hello</title>', contentType: 'text/html' });
    endSpans(5);
    expect(await processor.flush()).toMatchObject({ delivered: 0, pending: 5 });
    expect(errors.map(({ error }) => error.message)).toEqual([expect.stringMatching(/check that baseUrl/)]);
    expect(processor.status().circuit).toMatchObject({ state: 'hold', reason: 'refused' });
    expect(postsTo(server)).toHaveLength(1);
    server.faults.clear();
    processor.resetCircuitBreaker();
    expect((await processor.flush()).delivered).toBe(5);
  });
});
