import { createTraceState, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import type { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type BackpressureStatus, type LangfuseOptions, LangfuseSpanExporter } from '../../src/index.js';
import { exporting } from '../support/exporting.js';
import type { ProfileName } from '../support/local-langfuse/index.js';
import { logLines } from '../support/log-lines.js';
import { eventIdsIn, rawLangfuse } from '../support/raw-langfuse.js';
import { spanLike } from '../support/spans.js';

/** Ends `count` traces of three spans, all in one turn. */
function endTraces({ provider }: { readonly provider: BasicTracerProvider }, count: number, attributes = {}): void {
  const tracer = provider.getTracer('test');
  for (let n = 0; n < count; n++) {
    const root = tracer.startSpan(`root ${n}`, { attributes }, ROOT_CONTEXT);
    const inside = trace.setSpan(ROOT_CONTEXT, root);
    for (const name of ['one', 'two']) tracer.startSpan(name, {}, inside).end();
    root.end();
  }
}

function spansByTrace(observations: readonly { readonly traceId: string | null }[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { traceId } of observations) if (traceId !== null) counts.set(traceId, (counts.get(traceId) ?? 0) + 1);
  return counts;
}

/** For how many spans an observation stands. */
function countIn(metadata: unknown): number {
  const { 'langfuse.sampling.adjusted_count': count = 1 } = (metadata ?? {}) as { readonly [key: string]: unknown };
  return Number(count);
}

describe.each<ProfileName>(['v3.225', 'v4-events-only'])('sampleRate against %s', (profile) => {
  it('keeps whole traces, which say for how many they stand, and forgets none of the others', async () => {
    const { server, processor, provider } = await exporting(profile, { sampleRate: 0.5 });
    endTraces({ provider }, 200);
    const report = await processor.flush();
    const counts = spansByTrace(server.observations());
    expect([...counts.values()].filter((spans) => spans !== 3)).toEqual([]);
    expect(counts.size).toBeGreaterThan(60);
    expect(counts.size).toBeLessThan(140);
    expect(report).toMatchObject({ delivered: 3 * counts.size, sampledOut: 600 - 3 * counts.size, pending: 0 });
    for (const { metadata } of server.observations()) {
      expect(metadata).toMatchObject({ 'langfuse.sampling.probability': 0.5, 'langfuse.sampling.adjusted_count': 2 });
    }
  });
});

describe('a queue that fills up in one turn', () => {
  const SMALL: LangfuseOptions = { queue: { maxSpans: 300 }, flushAt: 50, flushInterval: 10 };

  it('gives up whole traces, and says so once when it begins', async () => {
    const { logger, lines } = logLines();
    const changes: BackpressureStatus[] = [];
    const options = { ...SMALL, logger, onBackpressure: (status: BackpressureStatus) => changes.push(status) };
    const { server, processor, provider } = await exporting('v4-events-only', options);
    endTraces({ provider }, 1_000);
    expect(processor.status().backpressure).toMatchObject({ isUnderPressure: true, queueCapacity: 300 });
    await processor.flush();
    const { sampledOut, delivered, refused } = processor.status().ledger;
    expect([delivered + sampledOut, refused.queue_full]).toEqual([3_000, 0]);
    const counts = spansByTrace(server.observations());
    // The last trace was open when the flush began; every other one is whole.
    expect([...counts.values()].filter((spans) => spans !== 3)).toEqual([]);
    expect(lines.filter((line) => line.startsWith('warn: overload'))).toHaveLength(1);
    expect(changes.length).toBeGreaterThan(0);
    const adjusted = server.observations().reduce((sum, { metadata }) => sum + countIn(metadata), 0);
    // Few are kept, so chance has its part.
    expect(adjusted).toBeGreaterThan(1_500);
    expect(adjusted).toBeLessThan(6_000);
  });

  it('keeps what is protected, and gives up the rest', async () => {
    const { server, processor, provider } = await exporting('v4-events-only', {
      ...SMALL,
      backpressure: { protect: (span) => 'vip' in span.attributes },
    });
    endTraces({ provider }, 300);
    endTraces({ provider }, 20, { vip: true });
    endTraces({ provider }, 300);
    await processor.flush();
    expect(server.observations().filter(({ metadata }) => JSON.stringify(metadata).includes('"vip"'))).toHaveLength(20);
    expect(processor.status().ledger.refused.queue_full).toBe(0);
  });

  it('does not concern a bare exporter, which says that backpressure is not its own', async () => {
    const { logger, lines } = logLines();
    const { baseUrl, requests } = await rawLangfuse('3.100.0', (request, response) =>
      response.end(JSON.stringify({ successes: eventIdsIn(request).map((id) => ({ id, status: 201 })), errors: [] })),
    );
    const exporter = new LangfuseSpanExporter({
      ...{ baseUrl, publicKey: 'pk', secretKey: 'sk', logger, sampleRate: 0, protocol: 'ingestion' },
      backpressure: { strategy: 'sample' },
    });
    onTestFinished(() => exporter.shutdown());
    expect(lines.filter((line) => line.includes('backpressure'))).toHaveLength(1);
    const result = await new Promise((resolve) => exporter.export([spanLike()], resolve));
    expect([result, requests.length]).toEqual([{ code: 0 }, 0]);
  });
});

describe('the threshold of a sampler before us', () => {
  it('goes on to the server with ours in it', async () => {
    const { baseUrl, requests } = await rawLangfuse('4.16.0', (_, response) => response.end('{}'));
    const { processor, provider } = await exporting('v4-events-only', {
      ...{ baseUrl, sampleRate: 0.5, compression: 'none', protocol: 'otlp' },
    });
    const remote = {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: '00f067aa0ba902b7',
      traceFlags: TraceFlags.SAMPLED,
      isRemote: true,
      traceState: createTraceState('ot=th:8;rv:f0000000000000,other=1'),
    };
    provider.getTracer('test').startSpan('work', {}, trace.setSpanContext(ROOT_CONTEXT, remote)).end();
    await processor.flush();
    expect(requests.map(({ body }) => body).join()).toContain('"traceState":"ot=th:c;rv:f0000000000000,other=1"');
  });
});
