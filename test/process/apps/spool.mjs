// An application that exports spans with a spool on disk, in the way that SCENE says, and writes down what it was told.
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { LangfuseSpanExporter } from 'opentelemetry-exporter-langfuse';

const { SCENE = 'write', DIRECTORY, FSYNC = 'none' } = process.env;
const exporter = new LangfuseSpanExporter({
  persistence: { directory: DIRECTORY, lingerMs: 0, fsync: FSYNC },
  delivery: SCENE === 'spill' ? 'spill' : undefined,
  retry: { initialMs: 5, maxMs: 50 },
  circuitBreaker: { openMs: { initial: 20, max: 50 } },
  logLevel: 'none',
});

const say = (line) => writeSync(1, `${line}\n`);
const resource = { attributes: { 'service.name': 'spool' } };

function spanOf(id) {
  const size = 1 + randomBytes(1)[0] ** 2 / 16;
  return {
    name: 'chat',
    kind: 0,
    startTime: [1_790_000_000, 0],
    endTime: [1_790_000_001, 0],
    status: { code: 0 },
    attributes: { 'gen_ai.operation.name': 'chat', 'langfuse.observation.input': 'x'.repeat(size) },
    events: [],
    links: [],
    resource,
    instrumentationScope: { name: 'spool' },
    spanContext: () => ({ traceId: id + id, spanId: id, traceFlags: 1 }),
  };
}

function exportSome(count) {
  const ids = Array.from({ length: count }, () => randomBytes(8).toString('hex'));
  say(`made ${ids.join(' ')}`);
  return new Promise((resolve) => {
    exporter.export(ids.map(spanOf), ({ code }) => {
      if (code === 0) say(`safe ${ids.join(' ')}`);
      resolve();
    });
  });
}

if (SCENE === 'write') {
  // Until somebody kills it.
  say('ready');
  for (;;) {
    await exportSome(1 + (randomBytes(1)[0] % 8));
    await new Promise((resolve) => setTimeout(resolve, randomBytes(1)[0] % 4));
  }
} else if (SCENE === 'drain') {
  // Until nothing is left, of its own or of others. What was in doubt and is not at the server is sent when it has had
  // the time to show.
  const left = () => exporter.status().ledger;
  const deadline = Date.now() + 240_000;
  let quietSince = Date.now();
  while (Date.now() < deadline && Date.now() - quietSince < 500) {
    const { spooled, queued, inFlight } = left();
    if (spooled + queued + inFlight > 0) quietSince = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { lookups } = exporter.status().counters;
  const { recovered, delivered, dropped } = await exporter.close();
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  say(JSON.stringify({ recovered, delivered, dropped: lost, lookups }));
} else if (SCENE === 'exit' || SCENE === 'spill') {
  void exportSome(20);
  setImmediate(() => process.exit(3));
} else if (SCENE === 'throw') {
  void exportSome(20);
  setImmediate(() => {
    throw new Error('a mistake of the application');
  });
}
