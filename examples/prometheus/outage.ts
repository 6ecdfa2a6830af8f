/**
 * Records the exporter's metrics while a local Langfuse is away for a quarter of a minute, and draws them:
 * `npm run example:outage` writes `docs/images/outage.svg`. The queue is small, so that one minute shows what
 * takes a quarter of an hour with the default one.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { trace } from '@opentelemetry/api';
import { startLocalLangfuse } from '../../test/support/local-langfuse/index.js';
import { type Chart, drawCharts } from './draw.js';
import { scrape } from './scrape.js';
import { startTracing } from './tracing.js';

const FILE = new URL('../../docs/images/outage.svg', import.meta.url);
const STEP_MS = 250;
const TRACES_PER_STEP = 15;
const SPANS_PER_TRACE = 4;
const OUTAGE = { fromS: 8, untilS: 23 };
const END_S = 60;

const local = await startLocalLangfuse({ profile: 'v4-events-only' });
const { baseUrl, publicKey, secretKey } = local;
const { sdk, prometheus } = startTracing({
  ...{ baseUrl, publicKey, secretKey, logLevel: 'none' },
  queue: { maxSpans: 3_000 },
  circuitBreaker: { openMs: { initial: 1_000, max: 4_000 } },
});
const tracer = trace.getTracer('langfuse-example');

const rows: { readonly atS: number; readonly values: ReadonlyMap<string, number> }[] = [];
const start = performance.now();
for (let step = 0; step * STEP_MS <= END_S * 1000; step++) {
  const atS = (performance.now() - start) / 1000;
  const isAway = atS >= OUTAGE.fromS && atS < OUTAGE.untilS;
  if (isAway) local.faults.always({ status: 500, body: 'away' });
  else local.faults.clear();
  for (let n = 0; n < TRACES_PER_STEP; n++) endTrace();
  rows.push({ atS, values: await scrape(prometheus) });
  await pause(Math.max(0, start + (step + 1) * STEP_MS - performance.now()));
}
await sdk.shutdown();
await local.close();

mkdirSync(new URL('.', FILE), { recursive: true });
writeFileSync(
  FILE,
  drawCharts(charts(), { title: 'Metrics of the exporter through an outage', endS: END_S, shaded: OUTAGE }),
);

function endTrace(): void {
  tracer.startActiveSpan('answer', (root) => {
    for (let n = 1; n < SPANS_PER_TRACE; n++) tracer.startSpan(`chat ${n}`).end();
    root.end();
  });
}

function charts(): readonly Chart[] {
  const level = (name: string) => rows.map(({ atS, values }) => ({ atS, value: values.get(name) ?? 0 }));
  // Over two seconds, as Prometheus would over its interval.
  const rate = (name: string) =>
    rows.slice(8).map(({ atS, values }, n) => {
      const before = rows[n];
      const change = (values.get(name) ?? 0) - (before?.values.get(name) ?? 0);
      return { atS, value: change / (atS - (before?.atS ?? 0)) };
    });
  return [
    {
      title: 'spans a second',
      lines: [
        { name: 'ended', points: rate('langfuse_exporter_spans_ended_total') },
        { name: 'delivered', points: rate('langfuse_exporter_spans_delivered_total') },
        { name: 'sampled out', points: rate('langfuse_exporter_spans_sampled_out_total') },
      ],
    },
    {
      title: 'queue.utilization',
      max: 1,
      marks: [0.4, 0.7],
      lines: [{ name: 'memory', points: level('langfuse_exporter_queue_utilization') }],
    },
    {
      title: 'circuit.state (0 closed, 1 half-open, 2 open, 3 hold)',
      max: 3,
      lines: [{ name: 'state', points: level('langfuse_exporter_circuit_state') }],
    },
    {
      title: 'sampling.probability',
      max: 1,
      lines: [{ name: 'of new traces', points: level('langfuse_exporter_sampling_probability') }],
    },
    {
      title: 'oldest_span.age, seconds',
      lines: [{ name: 'age', points: level('langfuse_exporter_oldest_span_age') }],
    },
  ];
}
