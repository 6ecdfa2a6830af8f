import { ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { describe, expect, it } from 'vitest';
import { exporting } from '../../support/exporting.js';
import { postsTo } from '../../support/posts.js';

/** As in `peers.test.ts`: what other exporters were measured to get wrong, here with traces and with several of them. */
const PROFILES = ['v3.225', 'v4-events-only'] as const;

describe.each(PROFILES)('to %s', (profile) => {
  it('V4: a trace that is sent in two parts is one trace, with its name, input, parents and errors', async () => {
    const { server, processor, provider } = await exporting(profile);
    const tracer = provider.getTracer('test');
    const agent = tracer.startSpan('agent', { attributes: { 'langfuse.observation.input': 'the question' } });
    const inside = trace.setSpan(ROOT_CONTEXT, agent);
    const tool = tracer.startSpan('tool', { attributes: { 'langfuse.observation.input': 'not the question' } }, inside);
    tool.setStatus({ code: SpanStatusCode.ERROR, message: 'no such file' });
    tool.end();
    await processor.flush();
    agent.end();
    await processor.flush();
    const { traceId, spanId } = agent.spanContext();
    expect(server.traces()).toHaveLength(1);
    expect(server.trace(traceId)).toMatchObject({ name: 'agent', input: 'the question' });
    expect(server.observation(tool.spanContext().spanId)).toMatchObject({
      parentObservationId: spanId,
      level: 'ERROR',
      statusMessage: 'no such file',
    });
  });

  it('E13: an interval of 0 and a slash behind the address are no special case', async () => {
    const { server, endSpans } = await exporting(profile, { flushInterval: 0 });
    endSpans(20);
    await server.waitFor(() => server.observations().length === 20);
    const second = await exporting(profile, { baseUrl: `${server.baseUrl}/`, flushInterval: 0 });
    second.endSpans(5);
    await server.waitFor(() => server.observations().length === 25);
  });

  it('E11: 20,000 spans that never end cost no request, and a shutdown only its grace', async () => {
    const { server, processor, provider } = await exporting(profile);
    const tracer = provider.getTracer('test');
    for (let n = 0; n < 20_000; n++) tracer.startSpan(`never ${n}`);
    const report = await processor.close();
    expect(report).toMatchObject({ ended: 0, accepted: 0, deadlineHit: false });
    expect(report.durationMs).toBeLessThan(1_000);
    expect(server.requests).toEqual([]);
  });
});

describe('two projects', () => {
  it('E16b: get the same span each, and the trouble of one is not the trouble of the other', async () => {
    const good = await exporting('v4-events-only');
    const bad = await exporting('v3.225');
    bad.server.faults.always({ status: 500, body: 'broken' });
    const provider = new BasicTracerProvider({ spanProcessors: [bad.processor, good.processor] });
    for (let n = 0; n < 50; n++) provider.getTracer('test').startSpan(`span ${n}`).end();
    expect(await good.processor.flush()).toMatchObject({ delivered: 50, pending: 0 });
    expect(await bad.processor.flush({ timeoutMs: 500 })).toMatchObject({ delivered: 0, pending: 50 });
    expect(postsTo(bad.server).length).toBeGreaterThan(0);
    expect(bad.errors[0]).toMatchObject({ error: { status: 500 }, context: { destination: bad.server.baseUrl } });
    expect(good.errors).toEqual([]);
    bad.server.faults.clear();
    bad.processor.resetCircuitBreaker();
    expect((await bad.processor.flush()).delivered).toBe(50);
    const ids = (world: typeof good) =>
      world.server
        .observations()
        .map(({ id }) => id)
        .sort();
    expect(ids(bad)).toEqual(ids(good));
  });
});
