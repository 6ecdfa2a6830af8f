import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../ports.js';
import { errorCode, type FileSystem } from './file-system.js';
import { draftLease, isLeaseName, type LeaseFile, leasePath, placeLease, readLease, writeLease } from './lease-file.js';
import type { NameSyncs } from './name-syncs.js';
import type { Processes } from './process-identity.js';
import { NOT_OWNERS, openProject, projectPath } from './project-directory.js';
import { SEGMENT_VERSION } from './segment.js';
import { StaleLeases } from './stale-leases.js';

/** Made aside, and moved to its place with the lease in it: a directory without a lease has a dead owner. */
const DRAFT = '.new-';
/** What somebody died over while making it. */
const OLD_DRAFT_MS = 3_600_000;
/** How long a directory is left alone in which something cannot be read. */
const REST_MS = 600_000;

export interface OwnershipParts {
  readonly directory: string;
  /** Whose records are written. */
  readonly project: string;
  readonly names: NameSyncs;
  readonly fs: FileSystem;
  readonly processes: Processes;
  readonly clock: Clock;
}

/**
 * Each thread of each process writes into a directory of its own, so that nobody waits for a lock:
 *
 *     <directory>/v1/<project>/<host>-<pid>-<thread>-<start>-<random>/{lease, seg-1.log, seg-1.ack, …}
 *
 * A directory whose owner is dead is taken over by renaming it: of several who try, one succeeds. The new lease, which
 * names the new directory, is written before, so that at no moment it is unknown whose a directory is.
 */
export class Ownership {
  readonly #directory: string;
  readonly #project: string;
  readonly #names: NameSyncs;
  readonly #fs: FileSystem;
  readonly #processes: Processes;
  readonly #clock: Clock;
  readonly #stale: StaleLeases;
  readonly #held = new Set<string>();

  constructor({ directory, project, names, fs, processes, clock }: OwnershipParts) {
    this.#directory = directory;
    this.#project = project;
    this.#names = names;
    this.#fs = fs;
    this.#processes = processes;
    this.#clock = clock;
    this.#stale = new StaleLeases(clock);
  }

  /** The directory of the project. */
  get path(): string {
    return projectPath(this.#directory, this.#project);
  }

  /** Makes what is missing above the directories of owners. @throws what the file system throws, and for what is not ours. */
  open(): void {
    openProject(this.#fs, this.#directory, this.#project, this.#names);
  }

  /** A new directory of this owner. @throws as `open`. */
  create(): string {
    this.open();
    const name = this.#newName();
    const draft = join(this.path, DRAFT + name);
    this.#fs.makeDirectory(draft);
    writeLease(this.#fs, draft, { name, owner: this.#processes.self, isSealed: false });
    const path = join(this.path, name);
    this.#fs.rename(draft, path);
    this.#names.made(this.path);
    this.#held.add(path);
    return path;
  }

  /** False when somebody took it over meanwhile, believing this process dead. */
  holds(path: string): boolean {
    return this.#held.has(path) && this.#fs.facts(leasePath(path)) !== undefined;
  }

  /** Says that this owner lives. Returns the directories that are lost. */
  refresh(): readonly string[] {
    const lost: string[] = [];
    for (const path of this.#held) {
      try {
        this.#fs.touch(leasePath(path));
      } catch (failure) {
        if (errorCode(failure) !== 'ENOENT') continue;
        this.#held.delete(path);
        lost.push(path);
      }
    }
    return lost;
  }

  /** Gives a directory up, with what is in it, for whoever comes next; removes it when nothing is. */
  release(path: string): void {
    this.#giveUp(path, {});
  }

  /** As `release`, of a directory that was emptied as far as possible: the next one must not try the same at once. */
  releaseEmptied(path: string, hasUnreadable: boolean): void {
    this.#giveUp(path, hasUnreadable ? { restUntilMs: this.#clock.wallMs() + REST_MS } : { spentFor: SEGMENT_VERSION });
  }

  /** The end: everything is given up. */
  releaseAll(): void {
    for (const path of [...this.#held]) this.release(path);
  }

  /** Names of directories whose owner is dead, or has not been seen for long enough. */
  abandoned(): readonly string[] {
    const names: string[] = [];
    for (const name of this.#fs.list(this.path)) {
      const path = join(this.path, name);
      if (this.#held.has(path) || NOT_OWNERS.has(name)) continue;
      const facts = this.#fs.facts(path);
      if (facts?.kind !== 'directory' || !facts.isOurs) continue;
      if (name.startsWith(DRAFT)) this.#removeOldDraft(path, facts.modifiedMs);
      else if (this.#isAbandoned(path, name)) names.push(name);
    }
    this.#stale.forgetOthers();
    return names;
  }

  /** Takes it over; undefined when somebody else was faster. */
  adopt(name: string): string | undefined {
    const next = this.#newName();
    const path = join(this.path, next);
    try {
      draftLease(this.#fs, join(this.path, name), { name: next, owner: this.#processes.self, isSealed: false });
      this.#fs.rename(join(this.path, name), path);
      placeLease(this.#fs, path, next);
    } catch (failure) {
      if (errorCode(failure) === 'ENOENT') return undefined;
      throw failure;
    }
    this.#held.add(path);
    return path;
  }

  #isAbandoned(path: string, name: string): boolean {
    const lease = readLease(this.#fs, path, name);
    if (lease?.spentFor === SEGMENT_VERSION) return false;
    const restMs = (lease?.restUntilMs ?? 0) - this.#clock.wallMs();
    // A clock that was set back would make it for ever.
    if (restMs > 0 && restMs <= REST_MS) return false;
    if (lease !== undefined && (lease.isSealed || this.#processes.isDead(lease.owner))) return true;
    const facts = this.#fs.facts(leasePath(path)) ?? this.#fs.facts(path);
    return facts !== undefined && this.#stale.isStale(path, facts.modifiedMs);
  }

  /** True when nothing but the lease was in it. */
  #removeIfEmpty(path: string): boolean {
    const names = this.#fs.list(path);
    if (!names.every(isLeaseName)) return false;
    for (const name of names) this.#fs.remove(join(path, name));
    this.#fs.removeDirectory(path);
    return true;
  }

  #removeOldDraft(path: string, modifiedMs: number): void {
    if (this.#clock.wallMs() - modifiedMs < OLD_DRAFT_MS) return;
    try {
      this.#removeIfEmpty(path);
    } catch {
      // Somebody else is tidying up as well.
    }
  }

  #giveUp(path: string, left: Pick<LeaseFile, 'spentFor' | 'restUntilMs'>): void {
    if (!this.#held.delete(path) || this.#fs.facts(leasePath(path)) === undefined) return;
    if (this.#removeIfEmpty(path)) return;
    writeLease(this.#fs, path, { name: nameOf(path), owner: this.#processes.self, isSealed: true, ...left });
  }

  #newName(): string {
    const { host, pid, threadId } = this.#processes.self;
    const safeHost = host.replace(/[^A-Za-z0-9.]/g, '_').slice(0, 40) || 'host';
    return [safeHost, pid, threadId, Math.round(this.#clock.wallMs()), randomBytes(4).toString('hex')].join('-');
  }
}

function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
