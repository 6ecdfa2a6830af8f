import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LangfuseOptions, LangfuseSpanExporter, type Logger, type SpanLike } from '../../../src/index.js';
import { exporting } from '../../support/exporting.js';
import { logLines } from '../../support/log-lines.js';
import { postsTo } from '../../support/posts.js';
import { spanLike } from '../../support/spans.js';

const boom = (): never => {
  throw new Error('boom');
};
const boomLater = async (): Promise<never> => boom();
const throwing = (fail: () => unknown): Logger => {
  const method = fail as () => void;
  return { debug: method, info: method, warn: method, error: method };
};

describe('callbacks of the application', () => {
  let unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  beforeEach(() => {
    unhandled = [];
    process.on('unhandledRejection', note);
  });
  afterEach(() => {
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  it.each<[string, () => unknown]>([
    ['at once', boom],
    ['in a promise', boomLater],
  ])('may all fail %s: what comes is delivered all the same', async (_, fail) => {
    const call = fail as () => void;
    const options: LangfuseOptions = { onError: call, onCircuitChange: call, logger: throwing(fail) };
    const { server, processor, endSpans } = await exporting('v4-events-only', {
      ...options,
      circuitBreaker: { failureThreshold: 1, openMs: { initial: 10 } },
    });
    server.faults.next(2, { status: 500, body: 'broken' });
    endSpans(10);
    expect((await processor.flush()).delivered).toBe(10);
    expect((await processor.close()).delivered).toBe(10);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['throws', boom, /boom/],
    ['returns a promise', async () => true, /must be synchronous, but returned a promise/],
    ['returns a promise that is rejected', boomLater, /must be synchronous/],
  ])('that decide on spans refuse them when it %s, said once and counted', async (_, decide, message) => {
    const { logger, lines } = logLines();
    const shouldExportSpan = decide as NonNullable<LangfuseOptions['shouldExportSpan']>;
    const { processor, endSpans, errors, server } = await exporting('v4-events-only', { shouldExportSpan, logger });
    endSpans(10);
    const { refused, delivered } = await processor.close();
    expect([refused.internal_error, delivered]).toEqual([10, 0]);
    expect(errors[0]?.context.spanCount).toBe(10);
    expect(lines[0]).toMatch(message);
    expect(server.requests).toEqual([]);
  });

  it('that take the result of an export may fail', async () => {
    const { server } = await exporting('v4-events-only');
    const { baseUrl, publicKey, secretKey } = server;
    const exporter = new LangfuseSpanExporter({ baseUrl, publicKey, secretKey });
    let calls = 0;
    for (const fail of [boom, boomLater]) {
      exporter.export([spanLike()], () => {
        calls++;
        return fail();
      });
    }
    expect((await exporter.close()).delivered).toBe(2);
    expect(calls).toBe(2);
  });
});

describe('a resource whose attributes never come', () => {
  it('holds its spans for two seconds, then they go without', async () => {
    const { processor, server } = await exporting('v4-events-only');
    const pending = new Promise<void>(() => {});
    const resource = { attributes: {}, asyncAttributesPending: true, waitForAsyncAttributes: () => pending };
    processor.onEnd(spanLike({ resource } as Partial<SpanLike>));
    const report = await processor.flush();
    expect(report.delivered).toBe(1);
    expect(report.durationMs).toBeLessThan(4_000);
    expect(server.observations()).toHaveLength(1);
  });

  it('holds no shutdown beyond its deadline', async () => {
    const { processor } = await exporting('v4-events-only');
    const pending = new Promise<void>(() => {});
    const resource = { attributes: {}, asyncAttributesPending: true, waitForAsyncAttributes: () => pending };
    processor.onEnd(spanLike({ resource } as Partial<SpanLike>));
    const report = await processor.close({ timeoutMs: 300 });
    expect(report.durationMs).toBeLessThan(400);
    expect(report.dropped.shutdown_deadline).toBe(1);
  });
});

describe('our own requests', () => {
  const SUPPRESSED = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');
  const seen: { readonly path: string; readonly isSuppressed: boolean }[] = [];
  /** Where OpenTelemetry's instrumentation of undici begins its spans. */
  const look = (message: unknown): void => {
    const { request } = message as { readonly request: { readonly path: string } };
    seen.push({ path: request.path, isSuppressed: context.active().getValue(SUPPRESSED) === true });
  };
  const manager = new AsyncLocalStorageContextManager();

  beforeEach(() => {
    seen.length = 0;
    context.setGlobalContextManager(manager.enable());
    subscribe('undici:request:create', look);
  });
  afterEach(() => {
    unsubscribe('undici:request:create', look);
    context.disable();
  });

  it('are made where no instrumentation makes a span: health, first try, repeat, probe, flush', async () => {
    const { server, processor, endSpans } = await exporting('v3.225', {
      circuitBreaker: { failureThreshold: 2, openMs: { initial: 10 } },
    });
    await context.with(ROOT_CONTEXT.setValue(createContextKey('request'), 1), async () => {
      server.faults.next(3, { status: 500, body: 'broken' });
      endSpans(10);
      await processor.flush();
      server.faults.next(1, 'reset');
      endSpans(10);
      await processor.flush();
    });
    expect(seen.map(({ path }) => path)).toContain('/api/public/health');
    // Three failures, of them one a probe; two probes that close; one reset on a used connection, and its repeat.
    expect(seen.length).toBeGreaterThanOrEqual(7);
    expect(seen.filter(({ isSuppressed }) => !isSuppressed)).toEqual([]);
    expect(postsTo(server).length).toBe(seen.length - 1);
  });
});

describe('one processor', () => {
  it('behind two providers takes the spans of both, and both may shut it down, twice', async () => {
    const { server, processor, provider, endSpans } = await exporting('v4-events-only');
    const second = new BasicTracerProvider({ spanProcessors: [processor] });
    endSpans(5);
    second.getTracer('second').startSpan('other').end();
    await Promise.all([provider.shutdown(), second.shutdown(), provider.shutdown()]);
    await second.shutdown();
    expect(processor.status()).toMatchObject({ state: 'closed', ledger: { delivered: 6 } });
    expect(server.observations()).toHaveLength(6);
  });

  it('beside another sees the same span objects, and changes none of them', async () => {
    const ended: ReadableSpan[] = [];
    const { processor } = await exporting('v4-events-only');
    const before = { onStart() {}, onEnd: (span: ReadableSpan) => ended.push(span), forceFlush, shutdown: forceFlush };
    const provider = new BasicTracerProvider({ spanProcessors: [before, processor] });
    provider
      .getTracer('both')
      .startSpan('shared', { attributes: { 'gen_ai.operation.name': 'chat' } })
      .end();
    await provider.forceFlush();
    expect(ended[0]?.attributes).toEqual({ 'gen_ai.operation.name': 'chat' });
  });
});

async function forceFlush(): Promise<void> {}
