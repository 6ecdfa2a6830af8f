// Several threads, each with an exporter of its own, on one directory. Each exports ten spans and says which are safe.
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { LangfuseSpanExporter } from 'opentelemetry-exporter-langfuse';

const { SCENE, DIRECTORY, THREADS = '0' } = process.env;
const exporter = new LangfuseSpanExporter({
  persistence: { directory: DIRECTORY, lingerMs: 0 },
  retry: { initialMs: 5, maxMs: 100 },
  circuitBreaker: { openMs: { initial: 50, max: 200 } },
  logLevel: 'none',
});
const say = (line) => writeSync(1, `${line}\n`);

const resource = { attributes: {} };
const spanOf = (id) => ({
  ...{ name: 'chat', kind: 0, startTime: [1_790_000_000, 0], endTime: [1_790_000_001, 0], status: { code: 0 } },
  ...{ attributes: { 'gen_ai.operation.name': 'chat' }, events: [], links: [], resource },
  instrumentationScope: { name: 'sharing' },
  spanContext: () => ({ traceId: id + id, spanId: id, traceFlags: 1 }),
});
const ids = Array.from({ length: 10 }, () => randomBytes(8).toString('hex'));
const safe = new Promise((resolve) => exporter.export(ids.map(spanOf), resolve));
void safe.then(({ code }) => code === 0 && say(`safe ${ids.join(' ')}`));

if (isMainThread) {
  const workers = Array.from({ length: Number(THREADS) }, () => new Worker(new URL(import.meta.url)));
  const heard = workers.map((worker) => new Promise((resolve) => worker.once('message', resolve)));
  await Promise.all([safe, ...heard]);
  say('ready');
  if (SCENE === 'terminate') {
    await Promise.all(workers.map((worker) => worker.terminate()));
    await exporter.close({ timeoutMs: 500 });
  } else {
    const stay = setInterval(() => {}, 1_000);
    process.once('SIGTERM', async () => {
      clearInterval(stay);
      for (const worker of workers) worker.postMessage('close');
      await Promise.all([exporter.close(), ...workers.map((worker) => new Promise((end) => worker.once('exit', end)))]);
    });
  }
} else {
  await safe;
  parentPort.postMessage('ready');
  parentPort.once('message', async () => {
    await exporter.close();
    parentPort.close();
  });
}
