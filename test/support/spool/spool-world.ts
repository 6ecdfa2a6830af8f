import { fileStore } from '../../../src/assembly/file-store.js';
import { Tries } from '../../../src/delivery/tries.js';
import type { LangfuseError } from '../../../src/errors.js';
import { imbalanceOf, LedgerBook } from '../../../src/ledger/ledger.js';
import type { PersistenceOptions } from '../../../src/options/persistence-options.js';
import { resolveOptions } from '../../../src/options/resolve.js';
import type { Fate, Held, Interim, Lease, Sampling } from '../../../src/ports.js';
import { ErrorReporter } from '../../../src/runtime/error-reporter.js';
import type { FileSystem } from '../../../src/spool/file-system.js';
import type { Processes, ProcessIdentity } from '../../../src/spool/process-identity.js';
import { logLines } from '../log-lines.js';
import { ManualClock } from '../manual-clock.js';
import { record, spanId } from '../observations.js';
import type { ModelFileSystem } from './model-file-system.js';

export const DIRECTORY = '/spool';

export interface WorldOptions {
  readonly fs: FileSystem;
  readonly clock?: ManualClock;
  readonly persistence?: Partial<PersistenceOptions>;
  readonly delivery?: 'spill' | 'at-least-once';
  readonly queue?: { readonly maxSpans?: number; readonly maxBytes?: number };
  readonly publicKey?: string;
  /** This process. */
  readonly pid?: number;
  readonly machine?: string;
  readonly isDead?: (other: ProcessIdentity) => boolean;
  readonly isPressed?: () => boolean;
  readonly slots?: () => number;
  readonly contentOf?: (id: number) => string;
  readonly samplingOf?: (id: number) => Sampling;
}

/** A spool on a given file system, in a time of its own, with what it tells of each record. */
export function spoolWorld(options: WorldOptions) {
  const { fs, clock = new ManualClock(), pid = 1, machine = 'machine', publicKey = 'pk-lf-a' } = options;
  const { lines, logger } = logLines();
  const errors: LangfuseError[] = [];
  const reporter = new ErrorReporter(logger, clock, 'http://localhost', (error) => errors.push(error));
  const keys = { publicKey, secretKey: 'sk-lf-a' };
  const config = resolveOptions(
    {
      ...{ ...keys, baseUrl: 'http://localhost', logger, queue: options.queue, delivery: options.delivery },
      persistence: { directory: DIRECTORY, lingerMs: 0, minFreeBytes: 0, ...options.persistence },
    },
    {},
  );
  const processes: Processes = {
    self: { host: 'host', machine, pid, threadId: 0, started: 'then' },
    // Whoever is not this process has died, unless the test says otherwise.
    isDead: options.isDead ?? ((other) => other.pid !== pid),
  };
  const saved = new Set<string>();
  const fates = new Map<string, Fate>();
  let kicks = 0;
  const waiting = new Map<number, Interim>();
  const ledger: LedgerBook = new LedgerBook(() => {
    const { queued, spooled } = store.holdings();
    return { queued: queued + waiting.size, inFlight: store.spool.leased, spooled };
  });
  if (config.persistence === undefined) throw new Error('a world without a spool');
  const store = fileStore(config, keys, {
    ...{ persistence: config.persistence, ledger, reporter, clock, fs, processes },
    newTries: () => new Tries(),
    isPressed: options.isPressed ?? (() => false),
    slots: options.slots ?? (() => 4),
    onAvailable: () => {
      kicks++;
    },
  });

  const held = (n: number): Held => {
    const id = spanId(n);
    const content = options.contentOf?.(n);
    return {
      record: record({ id, ...(content === undefined ? {} : { input: content }) }),
      tries: new Tries(),
      sampling: options.samplingOf?.(n),
      group: {
        settle: (fate) => void fates.set(id, fate),
        saved: (count) => void (count > 0 ? saved.add(id) : saved.delete(id)),
      },
    };
  };

  return {
    ...{ clock, store, ledger, errors, lines, saved, fates },
    get spool() {
      return store.spool;
    },
    get kicks() {
      return kicks;
    },
    /** Appends records by number. */
    append(...numbers: readonly number[]): void {
      for (const n of numbers) {
        ledger.end();
        ledger.accept();
        store.spool.append(held(n));
      }
    },
    /** Spans that wait for more: what is known of them is written. */
    wait(...numbers: readonly number[]): void {
      const interims = numbers.map((n) => {
        ledger.end();
        ledger.accept();
        const interim = { recordId: spanId(n) };
        waiting.set(n, interim);
        return { record: record({ id: spanId(n), input: 'not complete' }), interim };
      });
      store.interims?.append(interims);
    },
    /** The records of spans that have waited. */
    complete(...numbers: readonly number[]): void {
      for (const n of numbers) {
        const interim = waiting.get(n);
        waiting.delete(n);
        store.spool.append({ ...held(n), interim });
      }
    },
    /** They will have none. */
    giveUp(...numbers: readonly number[]): void {
      for (const n of numbers) {
        const interim = waiting.get(n);
        waiting.delete(n);
        if (interim !== undefined) store.interims?.end(interim);
        ledger.drop('serialization_error', 1);
      }
    },
    /** As a shutdown does with spans that are not complete by its end. @returns how many are not on disk. */
    leaveWaiting(): number {
      let lost = 0;
      for (const [n, interim] of waiting) if (!store.interims?.leave(interim, held(n).group)) lost++;
      ledger.drop('shutdown_deadline', lost);
      waiting.clear();
      return lost;
    },
    /** Lets tasks, writes and syncs happen that are due. */
    turn: (ms: number = 0) => clock.advance(ms),
    async start(): Promise<void> {
      store.start();
      await clock.advance(1);
    },
    lease: (records: number = 1e9): Lease | undefined => store.spool.lease(records, 1e12),
    leaseInDoubt: (records: number = 1e9): Lease | undefined => store.spool.inDoubt?.lease(records, 1e12),
    /** What waits, in doubt or not. */
    leaseAny(records?: number): Lease | undefined {
      return this.lease(records) ?? this.leaseInDoubt(records);
    },
    deliver(lease: Lease | undefined, held: readonly Held[] = lease?.left() ?? []): void {
      lease?.settle(held);
      ledger.deliver(held.length);
      for (const { group } of held) group.settle('delivered', 1);
    },
    /** Leases and delivers all that waits; the span ids, in order. */
    deliverAll(): string[] {
      const ids: string[] = [];
      for (let lease = this.leaseAny(); lease !== undefined; lease = this.leaseAny()) {
        ids.push(...lease.held.map(({ record }) => record.spanId));
        this.deliver(lease);
      }
      return ids;
    },
    imbalance: () => imbalanceOf(ledger.read()),
    /** Everything to disk, as a shutdown does it. */
    close: async () => {
      const done = store.seal(clock.now() + 1_000);
      await clock.advance(1);
      await done;
    },
  };
}

export type SpoolWorld = ReturnType<typeof spoolWorld>;

/** What the next process, which finds this one dead, has taken over. */
export async function leftIn(fs: ModelFileSystem, options: Partial<WorldOptions> = {}): Promise<SpoolWorld> {
  const next = spoolWorld({ fs: fs.afterKill(), pid: 2, ...options });
  await next.start();
  await next.turn(10);
  return next;
}

export const ids = (...numbers: readonly number[]): string[] => numbers.map(spanId);
