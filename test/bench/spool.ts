/**
 * What the spool costs, against its limits; fails above one of them.
 *
 *     tsx test/bench/spool.ts [rounds]
 *
 * Everything runs in rounds, one way after the other in each, so that whatever else the machine does hits all of them.
 * The best round counts, because other processes only add to it; the median tells how quiet the machine was.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { fileStore } from '../../src/assembly/file-store.js';
import { memoryStore } from '../../src/assembly/memory-store.js';
import { Tries } from '../../src/delivery/tries.js';
import { LedgerBook } from '../../src/ledger/ledger.js';
import { resolveOptions } from '../../src/options/resolve.js';
import type { Held, Spool } from '../../src/ports.js';
import { systemClock } from '../../src/runtime/clock.js';
import { ErrorReporter } from '../../src/runtime/error-reporter.js';
import { noopLogger } from '../../src/runtime/logger.js';
import type { FsyncMode } from '../../src/spool/saver.js';
import type { Store } from '../../src/store.js';
import { TraceMemory } from '../../src/translate/trace-memory.js';
import { record, spanId } from '../support/observations.js';

/** Spans a second, by fsync mode. */
const LEAST_APPENDED = { none: 100_000, interval: 20_000, always: 0 } as const;
/** Microseconds a span. */
const MOST_ADDED_CPU = 10;
const MOST_TURN_MS = 10;
/** Half of what the end of a process may take, unless options say otherwise. */
const MOST_EXIT_MS = 250;

const KEYS = { publicKey: 'pk-lf-bench', secretKey: 'sk-lf-bench' };
const CONTENT = 'The quick brown fox jumps over the lazy dog. '.repeat(45).slice(0, 2_000);
const SPANS_OF_A_TRACE = 10;
/** As many as the translation hands over in one slice of five milliseconds. */
const SLICE = 200;
/** Half of the default queue: with so many that are not safe, producers would wait. */
const MOST_UNSAFE = 4_096;

const rounds = Number(process.argv[2] ?? 7);
const clock = systemClock();
const sorted = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b);
const quantile = (numbers: readonly number[], share: number): number =>
  sorted(numbers)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))] ?? 0;

let safe = 0;
const GROUP: Held['group'] = {
  settle() {},
  saved(count) {
    safe += count;
  },
};

const memory = new TraceMemory();
const records = Array.from({ length: 1_000 }, (_, n) =>
  record(
    {
      id: spanId(n),
      traceId: spanId(Math.floor(n / SPANS_OF_A_TRACE)).padStart(32, 'a'),
      position: n % SPANS_OF_A_TRACE === SPANS_OF_A_TRACE - 1 ? 'trace' : 'inner',
      input: CONTENT,
      metadata: { turn: n },
    },
    memory,
  ),
);

function held(n: number): Held {
  const made = records[n % records.length];
  if (made === undefined) throw new Error('no record');
  return { record: made, tries: new Tries(), group: GROUP };
}

/** Opens a store in a directory of its own, which is gone afterwards. */
async function inStore<T>(fsync: FsyncMode, work: (store: Store) => Promise<T> | T, delivery?: 'spill'): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'langfuse-bench-'));
  const persistence = { directory, fsync, minFreeBytes: 0, maxBytes: 2_000_000_000 };
  const config = resolveOptions({ ...KEYS, logger: noopLogger, delivery, persistence }, {});
  if (config.persistence === undefined) throw new Error('no persistence');
  const ledger: LedgerBook = new LedgerBook(() => ({ queued: 0, inFlight: 0, spooled: 0 }));
  const store = fileStore(config, KEYS, {
    ...{ persistence: config.persistence, ledger, clock, isPressed: () => false, slots: () => 4, onAvailable() {} },
    reporter: new ErrorReporter(noopLogger, clock, 'http://localhost', undefined),
    newTries: () => new Tries(),
  });
  try {
    return await work(store);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Pace {
  readonly perSecond: number;
  /** Each turn of the event loop, from the first span to the closed store. */
  readonly turns: readonly number[];
}

/** How long each turn of the event loop takes while `work` is done: all that this process does is the spool's. */
async function timed(work: () => Promise<void>): Promise<number[]> {
  const turns: number[] = [];
  let isOver = false;
  let last = performance.now();
  const watch = (async () => {
    while (!isOver) {
      await turn();
      const now = performance.now();
      turns.push(now - last);
      last = now;
    }
  })();
  await work();
  isOver = true;
  await watch;
  return turns;
}

/** Appends, and holds nothing: what a producer can do until all of it is as safe as the mode promises. */
function append(fsync: FsyncMode, count: number): Promise<Pace> {
  return inStore(fsync, async (store) => {
    let perSecond = 0;
    const turns = await timed(async () => {
      const startedAt = performance.now();
      safe = 0;
      for (let n = 0; n < count; ) {
        for (const end = n + SLICE; n < end; n++) store.spool.append(held(n));
        do await turn();
        while (n - safe > MOST_UNSAFE);
      }
      while (safe < count) await turn();
      perSecond = count / ((performance.now() - startedAt) / 1_000);
      await store.seal(clock.now() + 60_000);
    });
    return { perSecond, turns };
  });
}

interface Cost {
  readonly cpuUs: number;
  readonly turns: readonly number[];
}

/** Appends and delivers, as the pipeline would; microseconds of CPU a span, of all threads. */
async function deliver(spool: Spool, count: number): Promise<Cost> {
  const cpu = process.cpuUsage();
  const turns = await timed(async () => {
    for (let n = 0; n < count; ) {
      for (const end = n + SLICE; n < end; n++) spool.append(held(n));
      await turn();
      for (let lease = spool.lease(512, 2_000_000); lease !== undefined; lease = spool.lease(512, 2_000_000)) {
        lease.encoding(lease.held, () => {});
        lease.departs(lease.held);
        lease.settle(lease.held);
      }
    }
  });
  const { user, system } = process.cpuUsage(cpu);
  return { cpuUs: (user + system) / count, turns };
}

function deliverFromDisk(count: number): Promise<Cost> {
  return inStore('none', async (store) => {
    const cost = await deliver(store.spool, count);
    await store.seal(clock.now() + 10_000);
    return cost;
  });
}

interface Exit {
  readonly ms: number;
  readonly bytes: number;
}

/** What an `exit` handler needs to save a full queue. */
function exit(count: number): Promise<Exit> {
  return inStore(
    'none',
    (store) => {
      for (let n = 0; n < count; n++) store.spool.append(held(n));
      const startedAt = performance.now();
      store.sealNow(clock.now() + 5_000);
      return { ms: performance.now() - startedAt, bytes: store.status()?.bytes ?? 0 };
    },
    'spill',
  );
}

function judge(what: string, said: string, isWithin: boolean, limit: string): void {
  console.log(`${what.padEnd(34)} ${said.padEnd(58)} ${limit}${isWithin ? '' : '  EXCEEDED'}`);
  if (!isWithin) process.exitCode = 1;
}

const whole = (number: number): string => Math.round(number).toLocaleString('en-US');
const ms = (number: number): string => `${number.toFixed(1)} ms`;
const us = (number: number): string => `${number.toFixed(1)} µs`;

/** The round in which nobody else held the processor for long. */
function judgeTurns(what: string, all: readonly (readonly number[])[]): void {
  const longest = all.map((turns) => Math.max(...turns));
  const quietest = all[longest.indexOf(Math.min(...longest))] ?? [];
  const most = Math.max(...quietest);
  const others = `p99 ${ms(quantile(quietest, 0.99))}, longest of all rounds ${ms(Math.max(...longest))}`;
  judge(what, `longest turn ${ms(most)} (${others})`, most <= MOST_TURN_MS, `limit ${MOST_TURN_MS} ms`);
}

const modes = ['none', 'interval', 'always'] as const;
const paces: Record<FsyncMode, Pace[]> = { none: [], interval: [], always: [] };
const bestEffort: Cost[] = [];
const atLeastOnce: Cost[] = [];
const exits: Exit[] = [];
// One round more, for code that is not compiled yet.
for (let round = 0; round <= rounds; round++) {
  for (const fsync of modes) paces[fsync][round] = await append(fsync, 50_000);
  bestEffort[round] = await deliver(memoryStore().spool, 40_000);
  atLeastOnce[round] = await deliverFromDisk(40_000);
  exits[round] = await exit(5_700);
}
for (const measured of [...Object.values(paces), bestEffort, atLeastOnce, exits]) measured.shift();

const frame = (exits[0]?.bytes ?? 0) / 5_700;
console.log(
  `spans of ${CONTENT.length} bytes of content, ${whole(frame)} bytes on disk; best of ${rounds} rounds (median)`,
);
for (const fsync of modes) {
  const rates = paces[fsync].map(({ perSecond }) => perSecond);
  const least = LEAST_APPENDED[fsync];
  const best = Math.max(...rates);
  const said = `${whole(best)} spans/s (${whole(quantile(rates, 0.5))})`;
  judge(`appended, fsync '${fsync}'`, said, best >= least, least === 0 ? '' : `at least ${whole(least)}`);
}
const [least = 0, most = 0] = [bestEffort, atLeastOnce].map((costs) => Math.min(...costs.map(({ cpuUs }) => cpuUs)));
const added = atLeastOnce.map(({ cpuUs }, n) => cpuUs - (bestEffort[n]?.cpuUs ?? 0));
judge(
  'CPU a span, end to delivery',
  `at-least-once ${us(most)} − best-effort ${us(least)} = ${us(most - least)} (${us(quantile(added, 0.5))})`,
  most - least <= MOST_ADDED_CPU,
  `limit ${MOST_ADDED_CPU} µs`,
);
for (const fsync of modes)
  judgeTurns(
    `event loop, fsync '${fsync}'`,
    paces[fsync].map(({ turns }) => turns),
  );
judgeTurns(
  'event loop, delivering',
  atLeastOnce.map(({ turns }) => turns),
);
const slowest = Math.min(...exits.map((one) => one.ms));
judge(
  'a full queue saved at exit',
  `${ms(slowest)} for ${whole((exits[0]?.bytes ?? 0) / 1e6)} MB (${ms(
    quantile(
      exits.map((one) => one.ms),
      0.5,
    ),
  )})`,
  slowest <= MOST_EXIT_MS,
  `limit ${MOST_EXIT_MS} ms`,
);
