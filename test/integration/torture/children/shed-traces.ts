/**
 * Traces of ten spans each, `PER_SECOND` spans for `SECONDS`, at a server that takes a twentieth of it: writes what became
 * of the spans and how much memory the process took.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { ROOT_CONTEXT, type Span, trace } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { LangfuseSpanProcessor } from '../../../../src/index.js';

const SPANS = 10;
const TURN_MS = 10;
const perTurn = (Number(process.env['PER_SECOND']) / SPANS) * (TURN_MS / 1000);
const runMs = 1_000 * Number(process.env['SECONDS']);
const processor = new LangfuseSpanProcessor({
  shouldExportSpan: () => true,
  logLevel: 'none',
  compression: 'none',
  queue: { maxSpans: 4096 },
  flushAt: 100,
  concurrency: { initial: 2, max: 2 },
});
const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('child');

interface Open {
  readonly root: Span;
  left: number;
}

/** Each trace goes on for ten turns, a child in each, its root last. */
let open: Open[] = [];
const endNext = (one: Open): boolean => {
  one.left--;
  if (one.left === 0) one.root.end();
  else tracer.startSpan('inside', {}, trace.setSpan(ROOT_CONTEXT, one.root)).end();
  return one.left > 0;
};
const start = performance.now();
const firstRss = process.memoryUsage.rss();
let begun = 0;
let mostRss = 0;
let mostUsed = 0;
for (let now = start; now - start < runMs || open.length > 0; now = performance.now()) {
  if (now - start < runMs)
    for (const due = ((now - start) / TURN_MS) * perTurn; begun < due; begun++)
      open.push({ root: tracer.startSpan('root', {}, ROOT_CONTEXT), left: SPANS });
  open = open.filter(endNext);
  mostRss = Math.max(mostRss, process.memoryUsage.rss());
  mostUsed = Math.max(mostUsed, processor.status().backpressure.utilization);
  await pause(TURN_MS);
}
const { ended, delivered, sampledOut, refused } = await processor.close();
const grownMb = Math.round((mostRss - firstRss) / 1e6);
console.log(JSON.stringify({ ended, delivered, sampledOut, full: refused.queue_full, mostUsed, grownMb }));
