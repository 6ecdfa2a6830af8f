/**
 * A million spans of 20 KB a minute, for `SECONDS`, from an application that also wants to answer: writes the delay of
 * its event loop, the most that was held, and what became of the spans.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { LangfuseSpanProcessor } from '../../../../src/index.js';

const PER_MS = 1_000_000 / 60_000;
const TURN_MS = 5;
const runMs = 1_000 * Number(process.env['SECONDS'] ?? 5);
const processor = new LangfuseSpanProcessor({ shouldExportSpan: () => true, logLevel: 'none' });
const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('child');
const content = 'An answer of a model, which is text. '.repeat(541);
const attributes = { 'gen_ai.operation.name': 'chat', 'langfuse.observation.output': content };

const delay = monitorEventLoopDelay({ resolution: 1 });
const start = performance.now();
let ended = 0;
let mostHeld = 0;
let isWarm = false;
for (let now = start; now - start < runMs; now = performance.now()) {
  if (!isWarm && now - start > 1_000) {
    isWarm = true;
    delay.enable();
  }
  for (const due = Math.min(ended + PER_MS * 4 * TURN_MS, PER_MS * (now - start)); ended < due; ended++) {
    tracer.startSpan('overload', { attributes }).end();
  }
  const { queued, inFlight } = processor.status().ledger;
  mostHeld = Math.max(mostHeld, queued + inFlight);
  await pause(TURN_MS);
}
delay.disable();
const p99Ms = delay.percentile(99) / 1e6;
const { delivered, sampledOut, refused, dropped } = await processor.close();
console.log(
  JSON.stringify({
    ended,
    mostHeld,
    p99Ms,
    delivered,
    sampledOut,
    refused: refused.queue_full,
    late: dropped.shutdown_deadline,
  }),
);
