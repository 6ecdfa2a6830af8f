import { type Meter, type MeterProvider, metrics } from '@opentelemetry/api';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LangfuseSpanExporter, type LangfuseSpanProcessor, type Ledger } from '../../src/index.js';
import { OBSERVED_METRICS } from '../../src/ledger/observed-metrics.js';
import { TIMED_METRICS } from '../../src/ledger/timed-metrics.js';
import { DROP_REASONS, REFUSAL_REASONS } from '../../src/model.js';
import { type Collected, collecting } from '../support/collected-metrics.js';
import { exporting } from '../support/exporting.js';
import { type Fault, startLocalLangfuse } from '../support/local-langfuse/index.js';
import { fc } from '../support/seeded-check.js';
import { spanLike } from '../support/spans.js';

const EXPORTED = 'otel.sdk.exporter.span.exported';
const PROCESSED = 'otel.sdk.processor.span.processed';
const sum = (values: readonly (number | undefined)[]): number =>
  values.reduce<number>((all, one) => all + (one ?? 0), 0);
const total = (collected: Collected, name: string): number =>
  sum(collected.points.get(name)?.map(({ value }) => value) ?? []);
const succeeded = (collected: Collected, name: string): number | undefined =>
  collected.points.get(name)?.find(({ labels }) => !('error.type' in labels))?.value;

/** Every number of the ledger, as the metrics have it. */
function expectEqual(collected: Collected, ledger: Ledger): void {
  const of = (name: string): number | undefined => collected.value(`langfuse.exporter.spans.${name}`);
  expect({
    ended: of('ended'),
    unsampled: of('unsampled'),
    filtered: of('filtered'),
    accepted: of('accepted'),
    recovered: of('recovered'),
    delivered: of('delivered'),
    rejected: of('rejected'),
    sampledOut: of('sampled_out'),
    refused: Object.fromEntries(
      REFUSAL_REASONS.map((reason) => [
        reason,
        collected.value('langfuse.exporter.spans.refused', 'langfuse.refusal.reason', reason),
      ]),
    ),
    dropped: Object.fromEntries(
      DROP_REASONS.map((reason) => [
        reason,
        collected.value('langfuse.exporter.spans.dropped', 'langfuse.drop.reason', reason),
      ]),
    ),
  }).toEqual({
    ended: ledger.ended,
    unsampled: ledger.unsampled,
    filtered: ledger.filtered,
    accepted: ledger.accepted,
    recovered: ledger.recovered,
    delivered: ledger.delivered,
    rejected: ledger.rejected,
    sampledOut: ledger.sampledOut,
    refused: ledger.refused,
    dropped: ledger.dropped,
  });
  const handedOver = succeeded(collected, PROCESSED) ?? Number.NaN;
  const inFlight = collected.value('otel.sdk.exporter.span.inflight') ?? Number.NaN;
  const waiting = collected.value('otel.sdk.processor.span.queue.size') ?? Number.NaN;
  expect(succeeded(collected, EXPORTED)).toBe(ledger.delivered);
  expect(total(collected, EXPORTED) + inFlight).toBe(handedOver + ledger.recovered);
  expect(waiting + inFlight).toBe(ledger.queued + ledger.inFlight + ledger.spooled);
}

/** Before the first span there is nothing to read. */
async function expectEqualNow(processor: LangfuseSpanProcessor, collect: () => Promise<Collected>): Promise<void> {
  const before = processor.status().ledger;
  if (before.ended === 0) return;
  const collected = await collect();
  // Collecting takes several turns; what is compared is one moment.
  if (JSON.stringify(processor.status().ledger) === JSON.stringify(before)) expectEqual(collected, before);
}

describe('metrics', () => {
  it('are the numbers of the ledger, whatever happens', async () => {
    const fault = fc.constantFrom<Fault>(
      { status: 500, body: 'broken' },
      { status: 503, headers: { 'retry-after': '0' }, body: '' },
      { status: 400, body: 'bad' },
      { status: 413, body: '' },
      { status: 401, body: '' },
      { delayMs: 30 },
      'reset',
      'resetAfterCommit',
      {
        rejectEvents: ({ body }) =>
          JSON.stringify(body).includes('span 3') ? { status: 400, message: 'no' } : undefined,
      },
    );
    const phase = fc.record({ spans: fc.nat(60), faults: fc.array(fault, { maxLength: 3 }), flushes: fc.boolean() });
    const options = fc.record({
      sampleRate: fc.constantFrom(1, 0.5),
      maxSpans: fc.constantFrom(20, 1_000),
      filters: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(phase, { minLength: 1, maxLength: 4 }), options, async (phases, chosen) => {
        const { meterProvider, collect } = collecting();
        const { server, processor, endSpans } = await exporting('v3.225', {
          meterProvider,
          sampleRate: chosen.sampleRate,
          queue: { maxSpans: chosen.maxSpans },
          shouldExportSpan: ({ otelSpan }) => !chosen.filters || !otelSpan.name.endsWith('7'),
          circuitBreaker: { failureThreshold: 2, openMs: { initial: 10, max: 20 } },
        });
        for (const { spans, faults, flushes } of phases) {
          for (const one of faults) server.faults.next(1, one);
          endSpans(spans);
          if (flushes) await processor.flush({ timeoutMs: 100 });
          await expectEqualNow(processor, collect);
        }
        server.faults.clear();
        const report = await processor.close({ timeoutMs: 300 });
        if (report.ended > 0) expectEqual(await collect(), report);
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it('have only labels of closed sets, all of them present from the first', async () => {
    const { meterProvider, collect } = collecting();
    const { server, processor, endSpans } = await exporting('v4-events-only', { meterProvider });
    endSpans(1);
    await processor.flush();
    const before = seriesOf(await collect());
    server.faults.next(3, { status: 500, body: 'x' });
    server.faults.next(2, 'reset');
    server.faults.next(1, { status: 413, body: '' });
    server.faults.next(1, { status: 418, body: '' });
    for (let n = 0; n < 20; n++) {
      endSpans(5);
      await processor.flush({ timeoutMs: 500 });
    }
    const after = seriesOf(await collect());
    const isTimed = (series: string): boolean =>
      Object.values(TIMED_METRICS).some(({ name }) => series.startsWith(name));
    expect(after.filter((series) => !isTimed(series))).toEqual(before.filter((series) => !isTimed(series)));
    expect(after.length).toBeLessThan(160);
    const keys = new Set(after.flatMap((series) => Object.keys(JSON.parse(series.slice(series.indexOf('{'))))));
    expect(
      [...keys].filter((key) => !/^(otel\.component|server|error\.type|http\.response|langfuse\.)/.test(key)),
    ).toEqual([]);
  });

  it('say who they are: name and version of the package, component and server', async () => {
    const { meterProvider, collect } = collecting();
    const { server, processor, endSpans } = await exporting('v4-events-only', { meterProvider });
    endSpans(1);
    await processor.flush();
    const { scopes, points, units } = await collect();
    expect(scopes).toEqual([expect.objectContaining({ name: 'opentelemetry-exporter-langfuse' })]);
    expect(points.get('otel.sdk.processor.span.queue.capacity')?.[0]).toMatchObject({
      value: 32_768,
      labels: {
        'otel.component.type': 'LangfuseSpanProcessor',
        'otel.component.name': expect.stringMatching(/^LangfuseSpanProcessor\/\d+$/),
      },
    });
    expect(points.get(EXPORTED)?.[0]?.labels).toMatchObject({
      'otel.component.type': 'LangfuseSpanExporter',
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(server.baseUrl).port),
    });
    expect(
      new Map([...OBSERVED_METRICS, ...Object.values(TIMED_METRICS)].map(({ name, unit }) => [name, unit])),
    ).toEqual(units);
  });

  it('tell of requests: how long, how large, what came of them', async () => {
    const { meterProvider, collect } = collecting();
    const { server, processor, endSpans } = await exporting('v4-events-only', { meterProvider });
    server.faults.next(1, { status: 500, body: 'broken' });
    endSpans(3);
    await processor.flush();
    const collected = await collect();
    const attempt = (kind: string, outcome: string): number | undefined =>
      collected.points
        .get('langfuse.exporter.attempts')
        ?.find(({ labels }) => labels['langfuse.attempt.kind'] === kind && labels['langfuse.outcome'] === outcome)
        ?.value;
    expect([attempt('first', 'retry'), attempt('retry', 'accepted'), attempt('probe', 'accepted')]).toEqual([1, 1, 0]);
    // One operation, however many requests it took.
    expect(collected.points.get('otel.sdk.exporter.operation.duration')).toMatchObject([{ value: 1 }]);
    const byStatus = collected.points.get('langfuse.exporter.request.duration') ?? [];
    expect(byStatus.map(({ labels, value }) => [labels['http.response.status_code'], value]).sort()).toEqual([
      [200, 1],
      [500, 1],
    ]);
    expect(total(collected, 'langfuse.exporter.request.body.size')).toBe(2);
  });

  it('show the circuit as a number, and count its changes', async () => {
    const { meterProvider, collect } = collecting();
    const { server, processor, endSpans } = await exporting('v4-events-only', {
      meterProvider,
      circuitBreaker: { failureThreshold: 1, openMs: { initial: 60_000, max: 60_000 } },
    });
    server.faults.always({ status: 500, body: 'broken' });
    endSpans(2);
    await processor.flush({ timeoutMs: 500 });
    const during = await collect();
    expect(during.value('langfuse.exporter.circuit.state')).toBe(2);
    expect(during.value('langfuse.exporter.circuit.transitions', 'langfuse.circuit.to', 'open')).toBe(1);
    expect(during.value('langfuse.exporter.oldest_span.age')).toBeGreaterThan(0);
    server.faults.clear();
    processor.resetCircuitBreaker();
    await processor.flush();
    const after = await collect();
    expect([after.value('langfuse.exporter.circuit.state'), after.value('langfuse.exporter.oldest_span.age')]).toEqual([
      0, 0,
    ]);
  });

  it('are not there unless somebody asked', async () => {
    const { meterProvider, collect } = collecting();
    metrics.setGlobalMeterProvider(meterProvider);
    onTestFinished(() => metrics.disable());
    const { processor, endSpans } = await exporting('v4-events-only');
    endSpans(1);
    await processor.flush();
    expect((await collect()).points.size).toBe(0);
  });

  it('go to a global meter provider that is registered after the first spans, with what was counted before', async () => {
    const { processor, endSpans } = await exporting('v4-events-only', { metrics: true });
    endSpans(3);
    await processor.flush();
    const { meterProvider, collect } = collecting();
    metrics.setGlobalMeterProvider(meterProvider);
    onTestFinished(() => metrics.disable());
    endSpans(2);
    await processor.flush();
    expectEqual(await collect(), processor.status().ledger);
  });

  it('end with the exporter: the last numbers once more, then nothing is held', async () => {
    const { meterProvider: real, collect } = collecting();
    let callbacks = 0;
    const getMeter: MeterProvider['getMeter'] = (...scope) => {
      const meter = real.getMeter(...scope);
      const { addBatchObservableCallback: add, removeBatchObservableCallback: remove } = meter;
      meter.addBatchObservableCallback = (...args) => {
        callbacks++;
        add.apply(meter, args);
      };
      meter.removeBatchObservableCallback = (...args) => {
        callbacks--;
        remove.apply(meter, args);
      };
      return meter;
    };
    const { processor, endSpans } = await exporting('v4-events-only', { meterProvider: { getMeter } });
    endSpans(4);
    await collect();
    expect(callbacks).toBe(1);
    endSpans(3);
    const report = await processor.close();
    const last = await collect();
    expectEqual(last, report);
    expect(last.value('otel.sdk.processor.span.queue.size')).toBe(0);
    expect(callbacks).toBe(0);
  });

  it('of a bare exporter have no processor', async () => {
    const server = await startLocalLangfuse({ profile: 'v4-events-only' });
    const { meterProvider, collect } = collecting();
    const exporter = new LangfuseSpanExporter({ ...server, meterProvider });
    onTestFinished(async () => {
      await exporter.shutdown();
      await server.close();
    });
    expect(await new Promise((resolve) => exporter.export([spanLike()], resolve))).toEqual({ code: 0 });
    const { points } = await collect();
    expect([...points.keys()].filter((name) => name.includes('processor'))).toEqual([]);
    expect(points.get(EXPORTED)?.[0]?.value).toBe(1);
  });

  it.each<[string, () => Meter]>([
    [
      'has no meter',
      () => {
        throw new Error('broken');
      },
    ],
    ['has a meter without instruments', () => Object.create(null)],
  ])('of a provider that %s harm nobody', async (_, getMeter) => {
    const { processor, endSpans } = await exporting('v4-events-only', { meterProvider: { getMeter } });
    endSpans(2);
    expect((await processor.flush()).delivered).toBe(2);
    endSpans(1);
    expect((await processor.close()).delivered).toBe(3);
  });
});

function seriesOf({ points }: Collected): readonly string[] {
  return [...points].flatMap(([name, list]) => list.map(({ labels }) => name + JSON.stringify(labels))).sort();
}
