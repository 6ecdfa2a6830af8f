// The spool alone, without the rest of the exporter: starts in a tenth of the time, so that it can be killed often.
// What it lends it calls sent before it settles it, as a server would have it by then.
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';

const DIST = new URL('node_modules/opentelemetry-exporter-langfuse/dist/esm/', import.meta.url);
const load = (name) => import(new URL(name, DIST));
const { fileStore } = await load('assembly/file-store.js');
const { resolveOptions } = await load('options/resolve.js');
const { LedgerBook } = await load('ledger/ledger.js');
const { ErrorReporter } = await load('runtime/error-reporter.js');
const { systemClock } = await load('runtime/clock.js');
const { toRecord } = await load('encode/record.js');

const { SCENE = 'write', DIRECTORY } = process.env;
const keys = { publicKey: 'pk-lf-kills', secretKey: 'sk-lf-kills' };
const logger = { debug() {}, info() {}, warn() {}, error() {} };
const persistence = { directory: DIRECTORY, lingerMs: 0, maxBytes: 64_000_000 };
const config = resolveOptions(
  { ...keys, baseUrl: 'http://localhost', logger, persistence, queue: { maxSpans: 40 } },
  {},
);
const clock = systemClock();
const ledger = new LedgerBook(() => ({ ...store.holdings(), inFlight: store.spool.leased }));
const store = fileStore(config, keys, {
  persistence: config.persistence,
  ledger,
  clock,
  reporter: new ErrorReporter(logger, clock, 'http://localhost', undefined),
  newTries: () => ({ count: 0, ms: 0, mayHaveArrived: false, add() {}, shrink: () => false }),
  isPressed: () => false,
  slots: () => 4,
  onAvailable() {},
});
const say = (line) => writeSync(1, `${line}\n`);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const byte = () => randomBytes(1)[0];

function recordOf(id) {
  const observation = {
    ...{
      traceId: id + id,
      id,
      position: 'trace',
      type: 'span',
      name: 'work',
      level: 'DEFAULT',
      environment: 'default',
    },
    ...{ startTime: [1_790_000_000, 0], endTime: [1_790_000_001, 0], input: 'x'.repeat(byte() ** 2 / 8) },
    ...{ metadata: {}, attributes: {}, events: [], links: [], kind: 0, statusCode: 0, trace: {} },
    ...{ resource: { attributes: {} }, scope: { name: 'raw' } },
  };
  const trace = { fields: {}, spanFields: {}, startTime: [1_790_000_000, 0], concernsTrace: false, isRoot: false };
  return toRecord(observation, trace);
}

function append() {
  const id = randomBytes(8).toString('hex');
  ledger.end();
  ledger.accept();
  say(`made ${id}`);
  const group = { settle() {}, saved: (count) => count > 0 && say(`safe ${id}`) };
  const tries = { count: 0, ms: 0, mayHaveArrived: false, add() {}, shrink: () => false };
  store.spool.append({ record: recordOf(id), tries, group });
}

function send(count) {
  const lease = store.spool.lease(count, 1e9) ?? store.spool.inDoubt.lease(count, 1e9);
  if (lease === undefined) return false;
  lease.encoding(lease.held, () => {});
  lease.departs(lease.held);
  const back = byte() < 60 ? lease.held.slice(1) : [];
  const gone = lease.held.slice(0, lease.held.length - back.length);
  if (gone.length > 0) say(`sent ${gone.map(({ record }) => record.spanId).join(' ')}`);
  lease.settle(gone);
  ledger.deliver(gone.length);
  lease.release(back);
  return true;
}

store.start();
if (SCENE === 'write') {
  say('ready');
  for (;;) {
    for (let n = byte() % 6; n >= 0; n--) append();
    await Promise.resolve();
    if (byte() < 100) send(1 + (byte() % 5));
    if (byte() < 10) await pause(1);
    else await new Promise(setImmediate);
  }
} else {
  // A look at a large segment takes its time on a busy machine.
  for (let quiet = 0; quiet < 100; quiet++) {
    while (send(200)) quiet = 0;
    await pause(10);
  }
  await store.seal(clock.now() + 1_000);
  const { dropped, spooled } = ledger.read();
  say(JSON.stringify({ dropped: Object.values(dropped).reduce((sum, count) => sum + count, 0), spooled }));
}
