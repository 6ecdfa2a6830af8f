/**
 * What the spool costs. `npm run bench:spool` prints one line of JSON for each question:
 *
 * - how many records of 2 KB a second are appended, in each fsync mode, by the clock and by the CPU it took, which is
 *   what counts on a machine with other work;
 * - how much CPU a span costs in `at-least-once` beyond `best-effort`, from its end to its delivery;
 * - how long the event loop is held meanwhile;
 * - how long the end of a process is held by a full queue of 16 MB.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { Tries } from '../../src/delivery/tries.js';
import { fileStore } from '../../src/file-store.js';
import { LedgerBook } from '../../src/ledger/ledger.js';
import { memoryStore } from '../../src/memory-store.js';
import { resolveOptions } from '../../src/options/resolve.js';
import type { Held, Spool } from '../../src/ports.js';
import type { ObservationRecord } from '../../src/record.js';
import { systemClock } from '../../src/runtime/clock.js';
import { ErrorReporter } from '../../src/runtime/error-reporter.js';
import { noopLogger } from '../../src/runtime/logger.js';
import type { FsyncMode } from '../../src/spool/saver.js';
import type { Store } from '../../src/store.js';
import { record, spanId } from '../support/observations.js';

const KEYS = { publicKey: 'pk-lf-bench', secretKey: 'sk-lf-bench' };
const CONTENT = 'The quick brown fox jumps over the lazy dog. '.repeat(45).slice(0, 2_000);
const GROUP = { settle() {}, saved() {} };
/** As many as the translation hands over in one slice of five milliseconds. */
const SLICE = 200;

const clock = systemClock();
const directories: string[] = [];

function openStore(fsync: FsyncMode, delivery?: 'spill'): Store {
  const directory = mkdtempSync(join(tmpdir(), 'langfuse-bench-'));
  directories.push(directory);
  const persistence = { directory, fsync, minFreeBytes: 0, maxBytes: 2_000_000_000 };
  const config = resolveOptions({ ...KEYS, logger: noopLogger, delivery, persistence }, {});
  if (config.persistence === undefined) throw new Error('no persistence');
  const ledger: LedgerBook = new LedgerBook(() => ({ queued: 0, inFlight: 0, spooled: 0 }));
  return fileStore(config, KEYS, {
    ...{ persistence: config.persistence, ledger, clock, isPressed: () => false, slots: () => 4, onAvailable() {} },
    reporter: new ErrorReporter(noopLogger, clock, 'http://localhost', undefined),
    newTries: () => new Tries(),
  });
}

const records: readonly ObservationRecord[] = Array.from({ length: 1_000 }, (_, n) =>
  record({ id: spanId(n), position: 'inner', input: CONTENT, metadata: { turn: n } }),
);
const held = (n: number): Held => {
  const made = records[n % records.length];
  if (made === undefined) throw new Error('no record');
  return { record: made, tries: new Tries(), group: GROUP };
};

/** Appends and delivers `count` records, as the pipeline would; CPU and time it took. */
async function run(spool: Spool, count: number): Promise<{ readonly seconds: number; readonly cpuUs: number }> {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  for (let n = 0; n < count; ) {
    for (const end = n + SLICE; n < end; n++) spool.append(held(n));
    await turn();
    for (let lease = spool.lease(512, 2_000_000); lease !== undefined; lease = spool.lease(512, 2_000_000)) {
      lease.departs(lease.held);
      lease.settle(lease.held);
    }
  }
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - startedAt) / 1_000, cpuUs: user + system };
}

/** Appends only, and holds nothing: what a producer can do. */
async function appendRate(fsync: FsyncMode): Promise<void> {
  const count = 60_000;
  const store = openStore(fsync);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const warmUp = 4_000;
  let startedAt = performance.now();
  let cpu = process.cpuUsage();
  for (let n = 0; n < count + warmUp; ) {
    if (n === warmUp) {
      startedAt = performance.now();
      cpu = process.cpuUsage();
      delay.enable();
    }
    for (const end = n + SLICE; n < end; n++) store.spool.append(held(n));
    await turn();
  }
  await store.seal(clock.now() + 60_000);
  delay.disable();
  const perSecond = Math.round(count / ((performance.now() - startedAt) / 1_000));
  const { user, system } = process.cpuUsage(cpu);
  const perCpuSecond = Math.round((count * 1e6) / (user + system));
  const bytes = records[0] === undefined ? 0 : records[0].size;
  print({
    question: 'append',
    fsync,
    perSecond,
    perCpuSecond,
    bytes,
    loopDelayMs: { p99: ms(delay.percentile(99)), max: ms(delay.max) },
  });
}

async function cpuPerSpan(): Promise<void> {
  const count = 40_000;
  const memory: number[] = [];
  const disk: number[] = [];
  // In turns, so that whatever else the machine does hits both.
  for (let round = 0; round < 5; round++) {
    memory.push((await run(memoryStore().spool, count)).cpuUs / count);
    const store = openStore('none');
    disk.push((await run(store.spool, count)).cpuUs / count);
    await store.seal(clock.now() + 10_000);
  }
  const [best, atLeastOnce] = [Math.min(...memory), Math.min(...disk)].map((us) => Math.round(us * 100) / 100);
  print({
    question: 'cpu per span (us)',
    'best-effort': best,
    'at-least-once': atLeastOnce,
    added: difference(atLeastOnce, best),
  });
}

function exitTime(): void {
  const store = openStore('none', 'spill');
  // 16 MB on disk.
  const count = 5_700;
  const spool = store.spool;
  for (let n = 0; n < count; n++) spool.append(held(n));
  const startedAt = performance.now();
  store.sealNow(clock.now() + 5_000);
  const took = Math.round(performance.now() - startedAt);
  print({
    question: 'saving a full queue at exit',
    records: count,
    megabytes: Math.round((store.status()?.bytes ?? 0) / 1e5) / 10,
    ms: took,
  });
}

const ms = (nanoseconds: number): number => Math.round(nanoseconds / 1e4) / 100;
const difference = (a = 0, b = 0): number => Math.round((a - b) * 100) / 100;
const print = (answer: object): void => void process.stdout.write(`${JSON.stringify(answer)}\n`);

try {
  for (const fsync of ['none', 'interval', 'always'] as const) await appendRate(fsync);
  await cpuPerSpan();
  exitTime();
} finally {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
}
