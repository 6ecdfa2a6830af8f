import { SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { describe, expect, it } from 'vitest';
import { type LangfuseOptions, LangfuseSpanProcessor } from '../../../src/index.js';
import { exporting } from '../../support/exporting.js';
import type { ProfileName } from '../../support/local-langfuse/index.js';
import { answer, LOGGING_SCOPE, question } from '../../support/log-records.js';

const PROFILES: readonly ProfileName[] = ['v3.225', 'v4-events-only'];
/** Spans hardly wait for others, so that what waits waits for content. */
const PATIENT: LangfuseOptions = { flushInterval: 0.01, flushTimeoutMs: 5_000 };

describe('a span whose instrumentation logs content', () => {
  const CHAT = { attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' } };

  async function world(profile: ProfileName, options: LangfuseOptions = {}) {
    const made = await exporting(profile, { ...PATIENT, ...options });
    const logs = made.processor.logRecordProcessor();
    return { ...made, logs, tracer: made.provider.getTracer(LOGGING_SCOPE) };
  }

  it.each(PROFILES)('waits for an answer that comes after its end (%s)', async (profile) => {
    const { server, processor, logs, tracer, provider } = await world(profile);
    const span = tracer.startSpan('chat', CHAT);
    logs.onEmit(question(span.spanContext(), 'when?'));
    span.end();
    provider.getTracer('beside').startSpan('beside', CHAT).end();
    // Longer than it takes to be sent, shorter than it may wait.
    await server.waitFor(() => server.observations().some(({ name }) => name === 'beside'));
    expect(processor.status().ledger.queued).toBe(1);
    logs.onEmit(answer(span.spanContext(), 'now'));
    logs.onEmit(answer(span.spanContext(), 'soon', 1));
    await server.waitFor(() => server.observation(span.spanContext().spanId) !== undefined);
    expect(server.observation(span.spanContext().spanId)).toMatchObject({
      input: [{ role: 'user', content: 'when?' }],
      output: [{ content: 'now' }, { content: 'soon' }],
    });
  });

  it('waits a second and no longer', async () => {
    const { server, processor, tracer } = await world('v3.225');
    const endedAt = performance.now();
    tracer.startSpan('chat', CHAT).end();
    await server.waitFor(() => server.observations().length > 0);
    expect(performance.now() - endedAt).toBeGreaterThan(950);
    await until(() => processor.status().ledger.delivered === 1);
  });

  it('does not wait when nobody takes log records, when it failed, or when it is an embedding', async () => {
    const without = await exporting('v3.225', PATIENT);
    without.provider.getTracer(LOGGING_SCOPE).startSpan('chat', CHAT).end();
    const { server, processor, tracer } = await world('v3.225');
    tracer.startSpan('chat', CHAT).setStatus({ code: SpanStatusCode.ERROR }).end();
    tracer.startSpan('embeddings', { attributes: { 'gen_ai.operation.name': 'embeddings' } }).end();
    const startedAt = performance.now();
    await server.waitFor(() => server.observations().length === 2);
    await without.server.waitFor(() => without.server.observations().length === 1);
    expect(performance.now() - startedAt).toBeLessThan(950);
    expect(processor.status().ledger.queued).toBe(0);
  });

  it('is released by a flush, by the end of the logs SDK and by a shutdown', async () => {
    const { server, processor, logs, tracer } = await world('v3.225');
    tracer.startSpan('flushed', CHAT).end();
    await processor.flush();
    expect(server.observations().map(({ name }) => name)).toEqual(['flushed']);
    tracer.startSpan('let go', CHAT).end();
    await logs.shutdown();
    tracer.startSpan('not waiting', CHAT).end();
    await processor.close();
    expect(server.observations()).toHaveLength(3);
    expect(processor.status().ledger).toMatchObject({ delivered: 3 });
  });

  it('counts against the bounds of the queue while it waits', async () => {
    const { processor, tracer } = await world('v3.225', { queue: { maxSpans: 2 }, backpressure: { strategy: 'off' } });
    for (let n = 0; n < 3; n++) tracer.startSpan(`chat ${n}`, CHAT).end();
    await until(() => processor.status().ledger.queued === 2);
    expect(processor.status().ledger.refused.queue_full).toBe(1);
    await processor.close();
    expect(processor.status().ledger).toMatchObject({ delivered: 2 });
  });

  it('that is given up for others takes its content along', async () => {
    const { processor, logs, tracer } = await world('v3.225', { queue: { maxSpans: 5 }, flushInterval: 60 });
    for (let n = 0; n < 20; n++) {
      const span = tracer.startSpan(`chat ${n}`, CHAT);
      logs.onEmit(question(span.spanContext(), 'when?'));
      span.end();
    }
    const { sampledOut } = processor.status().ledger;
    expect(sampledOut).toBeGreaterThan(0);
    expect(processor.status().counters.logs).toMatchObject({
      received: 20,
      ignored: sampledOut,
      waiting: 20 - sampledOut,
    });
  });

  it.each(['v2.95', 'v3.37', 'v3.225'] as const)(
    'is updated by content that comes after it left, where the server merges (%s)',
    async (profile) => {
      const { server, processor, logs, tracer } = await world(profile);
      const span = tracer.startSpan('chat', CHAT);
      logs.onEmit(question(span.spanContext(), 'when?'));
      span.end();
      await processor.flush();
      expect(server.observations()[0]).toMatchObject({ output: null });
      logs.onEmit(answer(span.spanContext(), 'now'));
      await processor.flush();
      expect(server.observations()).toHaveLength(1);
      expect(server.observations()[0]).toMatchObject({
        type: 'GENERATION',
        name: 'chat',
        model: 'm',
        input: [{ role: 'user', content: 'when?' }],
        output: { role: 'assistant', content: 'now' },
      });
      expect(processor.status().counters.logs).toMatchObject({ received: 2, joined: 1, merged: 1, late: 0 });
      expect(processor.status().ledger).toMatchObject({ ended: 1, delivered: 1 });
    },
  );

  it.each(['v2.95', 'v3.225'] as const)(
    'is counted when what comes after it left had to be mended (%s)',
    async (profile) => {
      const { server, processor, logs, tracer } = await world(profile);
      const span = tracer.startSpan('chat', CHAT);
      logs.onEmit(question(span.spanContext(), 'when?'));
      span.end();
      await processor.flush();
      expect(processor.status().counters.repaired.unicode).toBe(0);
      logs.onEmit(answer(span.spanContext(), 'cut \ud83d'));
      await processor.flush();
      expect(server.observations()[0]).toMatchObject({ output: { content: 'cut \u{FFFD}' } });
      expect(processor.status().counters).toMatchObject({ repaired: { unicode: 1, id: 0 }, logs: { merged: 1 } });
    },
  );

  it('is left as it is by content that comes after it left, where the server does not merge', async () => {
    const { server, processor, logs, tracer } = await world('v4-events-only');
    const span = tracer.startSpan('chat', CHAT);
    span.end();
    await processor.flush();
    logs.onEmit(answer(span.spanContext(), 'now'));
    await processor.flush();
    expect(server.observations()).toHaveLength(1);
    expect(server.observations()[0]).toMatchObject({ output: null });
    expect(processor.status().counters.logs).toMatchObject({ received: 1, late: 1 });
  });

  it('tries an update again, and counts it as late when the server does not take it', async () => {
    const { server, processor, logs, tracer } = await world('v3.225');
    const span = tracer.startSpan('chat', CHAT);
    span.end();
    await processor.flush();
    server.faults.next(2, { status: 500 });
    logs.onEmit(answer(span.spanContext(), 'now'));
    await processor.flush();
    expect(processor.status().counters.logs).toMatchObject({ waiting: 1 });
    await processor.close();
    expect(processor.status().counters.logs).toMatchObject({ received: 1, late: 1, waiting: 0 });
  });

  it('leaves nothing of its content behind when it is not exported', async () => {
    const { processor, logs, tracer, server } = await world('v3.225', { shouldExportSpan: () => false });
    const span = tracer.startSpan('chat', CHAT);
    logs.onEmit(question(span.spanContext(), 'secret'));
    span.end();
    logs.onEmit(question({ ...span.spanContext(), traceFlags: TraceFlags.NONE }, 'unsampled'));
    logs.onEmit(question(undefined, 'of no span'));
    await processor.flush();
    expect(server.observations()).toEqual([]);
    expect(processor.status().counters.logs).toMatchObject({ received: 3, ignored: 3, waiting: 0 });
  });
});

it('log records of everybody else are not touched, not kept and not counted', async () => {
  const world = await exporting('v3.225');
  const logs = world.processor.logRecordProcessor();
  const loggerProvider = new LoggerProvider({ processors: [logs] });
  loggerProvider.getLogger('app').emit({ body: 'user logged in', attributes: { 'event.name': 'login' } });
  logs.onEmit({
    get eventName(): string {
      throw new Error('hostile');
    },
  });
  await loggerProvider.shutdown();
  expect(world.processor.status().counters.logs.received).toBe(0);
  expect(world.processor.logRecordProcessor()).toBe(logs);
});

it('a processor without keys has a log record processor that does nothing', async () => {
  const processor = new LangfuseSpanProcessor({ enabled: false });
  const logs = processor.logRecordProcessor();
  logs.onEmit(question({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 }, 'x'));
  await logs.forceFlush();
  await logs.shutdown();
  expect(processor.status().counters.logs.received).toBe(0);
});

async function until(isTrue: () => boolean): Promise<void> {
  await expect.poll(isTrue, { timeout: 5_000, interval: 10 }).toBe(true);
}
