import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { weighted } from '../delivery/weighted.js';
import { LangfuseError } from '../errors.js';
import type { LedgerBook } from '../ledger/ledger.js';
import type { Config, Credentials, Persistence } from '../options/config.js';
import type { Rejection } from '../outcome.js';
import type { Clock, Held, TriesSoFar } from '../ports.js';
import { within } from '../runtime/deadline.js';
import type { ErrorReporter } from '../runtime/error-reporter.js';
import { DiskBreaker } from '../spool/disk-breaker.js';
import { FileSpool } from '../spool/file-spool.js';
import type { FileSystem } from '../spool/file-system.js';
import { Journal } from '../spool/journal.js';
import { LeftOvers } from '../spool/left-overs.js';
import { NameSyncs } from '../spool/name-syncs.js';
import { nodeFileSystem } from '../spool/node-file-system.js';
import { Ownership } from '../spool/ownership.js';
import { plainCodec } from '../spool/payload-codec.js';
import { type Processes, thisMachine } from '../spool/process-identity.js';
import { projectHash } from '../spool/project-directory.js';
import { Quarantine } from '../spool/quarantine.js';
import { Rejects } from '../spool/rejects.js';
import { Upkeep } from '../spool/upkeep.js';
import type { Store } from '../store.js';

/** A shutdown's last part is for the disk. */
const LEAST_SEALING_MS = 250;
const SEALING_SHARE = 0.1;

export interface FileStoreParts {
  readonly persistence: Persistence;
  readonly ledger: LedgerBook;
  readonly reporter: ErrorReporter;
  readonly clock: Clock;
  readonly newTries: () => TriesSoFar;
  readonly isPressed: () => boolean;
  readonly slots: () => number;
  readonly onAvailable: () => void;
  readonly fs?: FileSystem;
  readonly processes?: Processes;
}

/** Records on disk: the parts of the spool, put together. Opens nothing before `start` or the first record. */
export function fileStore(config: Config, { publicKey }: Credentials, parts: FileStoreParts): Store {
  const { persistence, ledger, reporter, clock, fs = nodeFileSystem } = parts;
  const { logger } = config;
  const { maxBytes, minFreeBytes, maxAgeMs, fsync, lingerMs } = persistence;
  const directory = resolve(persistence.directory);
  const project = projectHash(config.destination.baseUrl, publicKey);
  const codec = plainCodec;
  const names = new NameSyncs(fs, fsync !== 'none');
  const processes = parts.processes ?? thisMachine();
  const ownership = new Ownership({ directory, project, names, fs, processes, clock });
  const breaker = new DiskBreaker(clock, reporter, logger, () => spool.retryDisk());
  const limits = { maxBytes, minFreeBytes };
  const journal = new Journal(fs, ownership, { ...limits, project, names, codec, weighted }, clock);
  const quarantine = new Quarantine(fs, ownership.path);
  const leftOvers = new LeftOvers({
    fs,
    clock,
    codec,
    project,
    maxAgeMs,
    quarantine,
    warn: (message, fields) => logger.warn(message, fields),
    onFound: (count) => ledger.recover(count),
    onDropped: (reason, count) => ledger.drop(reason, count),
    onEmptied: (emptied, hasUnreadable) => ownership.releaseEmptied(emptied, hasUnreadable),
    hasAllNotes: (adopted) => ownership.hasAllNotes(adopted),
  });
  const spool: FileSpool = new FileSpool({
    journal,
    leftOvers,
    breaker,
    ledger,
    reporter,
    clock,
    codec,
    fsync,
    lingerMs,
    maxAgeMs,
    saves: persistence.delivery === 'at-least-once' ? 'all' : 'pressed',
    isPressed: parts.isPressed,
    // The other half is for what is still a span, and for what is on its way.
    memory: { maxRecords: config.queue.maxSpans / 2, maxSize: config.queue.maxBytes / 2 },
    slots: parts.slots,
    newTries: parts.newTries,
    refreshLeases: () => ownership.refresh(),
    onGrowth: () => upkeep.makeRoom(),
    onAvailable: parts.onAvailable,
  });
  const upkeep: Upkeep = new Upkeep({
    fs,
    clock,
    ownership,
    journal,
    leftOvers,
    spool,
    breaker,
    logger,
    directory,
    project,
    maxBytes,
    onAvailable: parts.onAvailable,
  });
  const rejects = persistence.keepRejected
    ? new Rejects(fs, ownership.path, codec, project, writerName(processes))
    : undefined;

  const close = (): void => {
    spool.seal();
    try {
      journal.release();
      rejects?.close();
      ownership.releaseAll();
    } catch (failure) {
      breaker.fail('closing', failure, 0);
    }
    breaker.close();
  };

  const save = (deadline: number): Promise<void> => spool.saveAllInTurns(() => clock.now() < deadline);
  const saveNow = (deadline: number): void => spool.saveAll(() => clock.now() < deadline);

  return {
    spool,
    get inMemory() {
      return spool.inMemory;
    },
    interims: persistence.delivery === 'at-least-once' ? spool.interims : undefined,
    sheddable: spool.sheddable,
    isPersistent: true,
    diskUtilization: () => upkeep.bytes / maxBytes,
    holdings: () => ({ queued: spool.unsaved, spooled: spool.spooled }),
    status: () => ({
      directory,
      bytes: upkeep.bytes,
      maxBytes,
      records: spool.spooled,
      segments: journal.segments + leftOvers.segments,
      oldest: leftOvers.oldestMs === undefined ? undefined : new Date(leftOvers.oldestMs).toISOString(),
      degraded: breaker.trouble,
    }),
    start: () => upkeep.start(),
    pressureChanged: () => spool.pressureChanged(),
    rejected: (held, rejection) => keep(rejects, held, rejection, clock, reporter),
    stopReplay: () => spool.stopReplay(),
    sealingMs: (timeoutMs) => Math.min(timeoutMs / 2, Math.max(LEAST_SEALING_MS, timeoutMs * SEALING_SHARE)),
    save,
    saveNow,
    async seal(deadline) {
      upkeep.stop();
      await save(deadline);
      await within(clock, deadline - clock.now(), spool.syncLater());
      close();
    },
    sealNow(deadline) {
      upkeep.stop();
      saveNow(deadline);
      if (fsync !== 'none') spool.syncNow();
      close();
    },
  };
}

function keep(
  rejects: Rejects | undefined,
  held: readonly Held[],
  rejection: Rejection,
  clock: Clock,
  reporter: ErrorReporter,
): void {
  if (rejects === undefined) return;
  try {
    rejects.keep(
      held.map(({ record }) => record),
      rejection,
      clock.wallMs(),
    );
  } catch (cause) {
    const error = new LangfuseError('PERSISTENCE_ERROR', 'refused spans could not be kept', {
      cause,
      isRetryable: true,
    });
    reporter.report(error, { operation: 'spool', spanCount: held.length });
  }
}

function writerName({ self }: Processes): string {
  return `${self.pid}-${self.threadId}-${randomBytes(4).toString('hex')}`;
}
