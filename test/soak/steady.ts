/**
 *     tsx test/soak/steady.ts [spans per second]
 *
 * So many spans a second for five seconds, from an application that does nothing else and has been running for a
 * second. Writes the report of its close, and the share of the time in which it had nothing to do.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { LangfuseSpanProcessor } from '../../src/index.js';

const PER_MS = Number(process.argv[2] ?? 9_400) / 1_000;
const RUN_MS = 5_000;
/** Until the code has been compiled. */
const WARM_PER_MS = 2;
const WARM_MS = 1_000;
/** A turn of the event loop in which nothing was done takes less. */
const IDLE_TURN_MS = 0.05;
const processor = new LangfuseSpanProcessor({ shouldExportSpan: () => true, logLevel: 'none', flushInterval: 0.05 });
const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('child');
const attributes = { 'gen_ai.operation.name': 'chat' };

/** Returns the share of the time in which there was nothing to do. */
async function run(perMs: number, runMs: number): Promise<number> {
  const start = performance.now();
  let ended = 0;
  let idleMs = 0;
  let last = start;
  for (let now = start; now - start < runMs; now = performance.now()) {
    if (now - last < IDLE_TURN_MS) idleMs += now - last;
    last = now;
    for (const due = perMs * (now - start); ended < due; ended++) tracer.startSpan('steady', { attributes }).end();
    await nextTurn();
  }
  return idleMs / runMs;
}

await run(WARM_PER_MS, WARM_MS);
const idle = await run(PER_MS, RUN_MS);
console.log(JSON.stringify({ idle, report: await processor.close() }));
