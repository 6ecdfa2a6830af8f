/**
 * Ten thousand requests of a server, each with a store of its own in AsyncLocalStorage, each with a span, some with a
 * flush. Writes how many stores are left when all are over. Run with --expose-gc.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { LangfuseSpanProcessor } from '../../../../src/index.js';

const REQUESTS = 10_000;
const processor = new LangfuseSpanProcessor({ shouldExportSpan: () => true, flushInterval: 0.05 });
const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('child');
const storage = new AsyncLocalStorage<object>();
const stores: WeakRef<object>[] = [];

async function serve(n: number): Promise<void> {
  const store = { body: 'x'.repeat(1_000), n };
  stores.push(new WeakRef(store));
  await storage.run(store, async () => {
    const span = tracer.startSpan(`request ${n}`);
    await nextTurn();
    span.end();
    if (n % 10 === 0) await processor.flush({ timeoutMs: 50 });
  });
}

for (let n = 0; n < REQUESTS; n += 100) {
  await Promise.all(Array.from({ length: 100 }, (_, offset) => serve(n + offset)));
}
const collect = async (): Promise<number> => {
  for (let round = 0; round < 5; round++) {
    await nextTurn();
    globalThis.gc?.();
  }
  return stores.filter((store) => store.deref() !== undefined).length;
};
// The connections are still open, the timers of the next batch may be armed.
const whileRunning = await collect();
const { delivered } = await processor.close();
console.log(JSON.stringify({ whileRunning, afterClose: await collect(), delivered }));
