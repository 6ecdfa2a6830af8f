import { BasicTracerProvider, BatchSpanProcessor, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type ExportResultLike,
  isLangfuseError,
  type LangfuseOptions,
  LangfuseSpanExporter,
  noopLogger,
} from '../../src/index.js';
import { startLocalLangfuse } from '../support/local-langfuse/index.js';
import { spanLike } from '../support/spans.js';

const OPTIONS: LangfuseOptions = { logger: noopLogger, retry: { initialMs: 5, maxMs: 20 } };

async function exporter(options: LangfuseOptions = {}) {
  const server = await startLocalLangfuse({ profile: 'v3.225' });
  const { baseUrl, publicKey, secretKey } = server;
  const made = new LangfuseSpanExporter({ ...OPTIONS, baseUrl, publicKey, secretKey, ...options });
  onTestFinished(async () => {
    await made.close({ timeoutMs: 500 });
    await server.close();
  });
  const results: ExportResultLike[] = [];
  const exported = (count: number): Promise<ExportResultLike> =>
    new Promise((resolve) => {
      const spans = Array.from({ length: count }, (_, n) => spanLike({ id: (n + 1).toString(16).padStart(16, '0') }));
      made.export(spans, (result) => {
        results.push(result);
        resolve(result);
      });
    });
  return { server, exporter: made, exported, results };
}

describe('the span exporter', () => {
  it('keeps every sampled span by default, and calls back once when all are delivered', async () => {
    const { server, exported, results } = await exporter();
    expect(await exported(120)).toEqual({ code: 0 });
    expect(server.observations()).toHaveLength(120);
    expect(results).toHaveLength(1);
  });

  it('never calls back on the stack of the caller, not even for nothing', async () => {
    const { exporter: made } = await exporter();
    let isCalled = false;
    made.export([], () => {
      isCalled = true;
    });
    expect(isCalled).toBe(false);
    await made.forceFlush();
    expect(isCalled).toBe(true);
  });

  it('answers with a LangfuseError when the server refuses a span for good', async () => {
    const { server, exported } = await exporter();
    server.faults.always({
      rejectEvents: ({ type }) =>
        type === 'span-create' ? { status: 400, message: 'Invalid request data' } : undefined,
    });
    const { code, error } = await exported(1);
    expect([code, isLangfuseError(error) && error.status]).toEqual([1, 400]);
  });

  it('answers with a LangfuseError when the queue had no room, and when it is shut down', async () => {
    const { exporter: made, exported } = await exporter({ queue: { maxSpans: 2 } });
    const full = await exported(3);
    expect(isLangfuseError(full.error) && full.error.code).toBe('BACKPRESSURE_ERROR');
    await made.shutdown();
    const closed = await exported(1);
    expect(isLangfuseError(closed.error) && closed.error.code).toBe('SHUTDOWN_ERROR');
  });

  it('counts spans that are filtered as done', async () => {
    const { exported, server } = await exporter({ shouldExportSpan: () => false });
    expect(await exported(3)).toEqual({ code: 0 });
    expect(server.requests).toEqual([]);
  });

  it('does not let a throwing callback end the process', async () => {
    const { exporter: made, server } = await exporter();
    made.export([spanLike()], () => {
      throw new Error('from the application');
    });
    await made.forceFlush();
    expect(server.observations()).toHaveLength(1);
  });

  it.each([
    ['BatchSpanProcessor', BatchSpanProcessor],
    ['SimpleSpanProcessor', SimpleSpanProcessor],
  ] as const)('works behind the %s of the SDK', async (_, Processor) => {
    const { exporter: made, server } = await exporter();
    const provider = new BasicTracerProvider({ spanProcessors: [new Processor(made)] });
    for (let n = 0; n < 5; n++) provider.getTracer('test').startSpan(`span ${n}`).end();
    await provider.forceFlush();
    await provider.shutdown();
    expect(server.observations()).toHaveLength(5);
  });
});
