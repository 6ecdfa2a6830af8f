/**
 * 9,400 spans a second for five seconds, from an application that does nothing else and has been running for a second;
 * writes the report of its close.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { LangfuseSpanProcessor } from '../../src/index.js';

const PER_MS = 9.4;
const RUN_MS = 5_000;
/** Until the code has been compiled. */
const WARM_PER_MS = 2;
const WARM_MS = 1_000;
const processor = new LangfuseSpanProcessor({ shouldExportSpan: () => true, logLevel: 'none', flushInterval: 0.05 });
const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('child');
const attributes = { 'gen_ai.operation.name': 'chat' };

async function run(perMs: number, runMs: number): Promise<void> {
  const start = performance.now();
  let ended = 0;
  for (let now = start; now - start < runMs; now = performance.now()) {
    for (const due = perMs * (now - start); ended < due; ended++) tracer.startSpan('steady', { attributes }).end();
    await nextTurn();
  }
}

await run(WARM_PER_MS, WARM_MS);
await run(PER_MS, RUN_MS);
console.log(JSON.stringify(await processor.close()));
