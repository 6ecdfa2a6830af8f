import { propagateAttributes } from '@langfuse/core';
import { type Context, context, propagation, ROOT_CONTEXT, type Span, type Tracer, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LangfuseOptions } from '../../src/index.js';
import { exporting } from '../support/exporting.js';
import type { LocalObservation, LocalTrace } from '../support/local-langfuse/index.js';

const manager = new AsyncLocalStorageContextManager();
beforeAll(() => void context.setGlobalContextManager(manager.enable()));
afterAll(() => context.disable());

const inside = <T>(span: Span, work: () => T): T => context.with(trace.setSpan(context.active(), span), work);
const call = (tracer: Tracer, name = 'chat gpt-4o'): void =>
  tracer.startSpan(name, { attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' } }).end();
/** The context that comes in with a request from another process. */
const fromElsewhere = (): Context =>
  trace.setSpanContext(ROOT_CONTEXT, {
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    traceFlags: 1,
    isRemote: true,
  });

interface Shown {
  /** v4 has no traces: what each row says of its trace. */
  readonly rows: readonly LocalObservation[];
  /** v3 */
  readonly traces: readonly LocalTrace[];
}

/** Runs the application once against v4 and once against v3. */
async function shown(application: (tracer: Tracer) => void, options: LangfuseOptions = {}): Promise<Shown> {
  const [v4, v3] = [await exporting('v4-events-only', options), await exporting('v3.225', options)];
  for (const { provider, processor } of [v4, v3]) {
    application(provider.getTracer('test'));
    await processor.flush();
  }
  return { rows: v4.server.observations(), traces: v3.server.traces() };
}

describe('what belongs to the trace', () => {
  it('reaches every span on v4 and the trace on v3, by propagateAttributes of @langfuse/core', async () => {
    const given = { userId: 'u', sessionId: 's', tags: ['a', 'b'], metadata: { tenant: 'acme' }, traceName: 'Booking' };
    const { rows, traces } = await shown((tracer) =>
      propagateAttributes(given, () => {
        const root = tracer.startSpan('POST /chat');
        inside(root, () => call(tracer));
        root.end();
      }),
    );
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(row).toMatchObject({ userId: 'u', sessionId: 's', tags: ['a', 'b'], traceName: 'Booking' });
      expect(row.metadata).toMatchObject({ tenant: 'acme' });
    }
    expect(traces).toMatchObject([{ userId: 'u', sessionId: 's', tags: ['a', 'b'], name: 'Booking' }]);
    expect(traces[0]?.metadata).toMatchObject({ tenant: 'acme' });
  });

  it('comes from the spans above, also what they learn while the call is under way', async () => {
    const { rows, traces } = await shown((tracer) => {
      const root = tracer.startSpan('POST', { attributes: { 'langfuse.trace.public': true } });
      inside(root, () => {
        const chat = tracer.startSpan('chat', { attributes: { 'gen_ai.operation.name': 'chat' } });
        root.updateName('POST /chat').setAttributes({ 'enduser.id': 'u', 'gen_ai.conversation.id': 'c' });
        chat.end();
      });
      root.end();
    });
    for (const row of rows)
      expect(row).toMatchObject({ userId: 'u', sessionId: 'c', traceName: 'POST /chat', public: true });
    expect(traces).toMatchObject([{ userId: 'u', sessionId: 'c', name: 'POST /chat', public: true }]);
  });

  it('is readable when the root never ends', async () => {
    const { rows, traces } = await shown((tracer) => {
      const root = tracer.startSpan('POST /chat', { attributes: { 'user.id': 'u', 'session.id': 's' } });
      inside(root, () => {
        const lost = tracer.startSpan('agent');
        inside(lost, () => call(tracer));
      });
    });
    expect(rows).toMatchObject([{ name: 'chat gpt-4o', traceName: 'POST /chat', userId: 'u', sessionId: 's' }]);
    expect(traces).toMatchObject([{ name: 'POST /chat', userId: 'u', sessionId: 's' }]);
  });

  it('names the trace after the span with which it enters this process, which is a root there', async () => {
    const { rows, traces } = await shown((tracer) => {
      const entry = tracer.startSpan('POST /chat', {}, fromElsewhere());
      context.with(trace.setSpan(ROOT_CONTEXT, entry), () => call(tracer));
      entry.end();
    });
    expect(rows.map(({ name, isAppRoot, traceName }) => [name, isAppRoot, traceName]).sort()).toEqual([
      ['POST /chat', true, 'POST /chat'],
      ['chat gpt-4o', false, 'POST /chat'],
    ]);
    expect(traces).toMatchObject([{ name: 'POST /chat' }]);
  });

  it('is not taken from the baggage of whoever calls, unless that is trusted', async () => {
    const written = propagateAttributes({ userId: 'u', tags: ['a'], asBaggage: true }, () =>
      propagation.getBaggage(context.active()),
    );
    const received = propagation.setBaggage(fromElsewhere(), written ?? propagation.createBaggage());
    const application = (tracer: Tracer): void => tracer.startSpan('POST /chat', {}, received).end();
    expect((await shown(application)).rows[0]).toMatchObject({ userId: null, tags: [] });
    const trusted = await shown(application, { trustInboundBaggage: true });
    expect(trusted.rows[0]).toMatchObject({ userId: 'u', tags: ['a'] });
    expect(trusted.traces[0]).toMatchObject({ userId: 'u', tags: ['a'] });
  });

  it('outlives requests that come late and in the wrong order', async () => {
    const { server, provider, processor } = await exporting('v3.225');
    const tracer = provider.getTracer('test');
    const root = tracer.startSpan('POST /chat', {
      attributes: { 'langfuse.trace.public': true, 'user.id': 'u', 'langfuse.trace.name': 'Booking' },
    });
    const late = inside(root, () => tracer.startSpan('audit', { attributes: { 'langfuse.trace.tags': ['late'] } }));
    inside(root, () => call(tracer));
    await processor.flush();
    root.end();
    await processor.flush();
    late.end();
    await processor.flush();
    expect(server.traces()).toMatchObject([{ name: 'Booking', public: true, userId: 'u', tags: ['late'] }]);
  });

  it('shows the root’s metadata on v3 as on v4, and an exception where it happened', async () => {
    const { rows, traces } = await shown((tracer) => {
      const root = tracer.startSpan('job', { attributes: { 'langfuse.observation.metadata.tenant': 'acme', step: 3 } });
      root.recordException(new TypeError('no such seat'));
      root.setStatus({ code: 2 });
      root.end();
    });
    expect(traces[0]?.metadata).toMatchObject({ tenant: 'acme', attributes: { step: '3' }, scope: { name: 'test' } });
    expect(rows[0]).toMatchObject({ level: 'ERROR', statusMessage: 'no such seat' });
    expect(JSON.stringify(rows[0]?.metadata)).toContain('exception.stacktrace');
  });
});
