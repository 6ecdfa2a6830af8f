import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ObservationRecord } from '../record.js';
import { bytesBelow } from './disk-usage.js';
import type { FileSystem } from './file-system.js';
import { isLeaseName, leasePath, readLease } from './lease-file.js';
import { isInDoubt } from './marks.js';
import { nodeFileSystem } from './node-file-system.js';
import { plainCodec } from './payload-codec.js';
import { type Processes, thisMachine } from './process-identity.js';
import { isProjectHash, LAYOUT, NOT_OWNERS, projectPath } from './project-directory.js';
import { decodeRecord } from './record-codec.js';
import { decodeReject, type KeptReject, rejectsPath } from './rejects.js';
import { INTERIM } from './segment.js';
import { headerOf, SEGMENT_NAME, SegmentFile } from './segment-file.js';
import type { Found } from './segment-scan.js';

/** What one process has on disk, or left there. */
export interface SpoolOwner {
  /** Hash of base URL and public key, as `projectHash` makes it. */
  readonly project: string;
  readonly name: string;
  readonly path: string;
  /** Undefined when its lease cannot be read. */
  readonly host: string | undefined;
  readonly pid: number | undefined;
  /** `free`: closed, or its process is certainly dead, and the next exporter of the project takes it over. */
  readonly state: 'free' | 'perhaps alive';
  /** When it last showed that it lives, milliseconds since the epoch. */
  readonly seenMs: number | undefined;
  readonly records: number;
  readonly bytes: number;
  /** When its oldest record was written. */
  readonly oldestMs: number | undefined;
}

/** A record that waits on disk. */
export interface StoredRecord {
  readonly id: number;
  readonly createdMs: number;
  /** A request with it was under way: the server may have it. */
  readonly inDoubt: boolean;
  /** Undefined when it cannot be read. */
  readonly record: ObservationRecord | undefined;
}

export interface StoredReject {
  readonly createdMs: number;
  readonly reject: KeptReject | undefined;
}

/** Looks into a spool without being part of it: takes nothing over, changes nothing but what `purge` is told to. */
export class SpoolReader {
  readonly #directory: string;
  readonly #fs: FileSystem;
  readonly #processes: Processes;

  constructor(directory: string, fs: FileSystem = nodeFileSystem, processes: Processes = thisMachine()) {
    this.#directory = directory;
    this.#fs = fs;
    this.#processes = processes;
  }

  /** Of all projects; empty when there is no spool. */
  owners(): readonly SpoolOwner[] {
    return this.projects().flatMap((project) => {
      const path = projectPath(this.#directory, project);
      const names = this.#names(path).filter((name) => !NOT_OWNERS.has(name) && !name.startsWith('.'));
      return names.flatMap((name) => this.#owner(project, name, join(path, name)) ?? []);
    });
  }

  projects(): readonly string[] {
    return this.#names(join(this.#directory, LAYOUT)).filter(isProjectHash);
  }

  /** What waits in a directory, segment by segment. */
  *records({ path }: Pick<SpoolOwner, 'path'>): Generator<StoredRecord, void> {
    const interims = new Map<number, StoredRecord>();
    for (const segment of this.#segments(path)) {
      const notes = segment.notes();
      for (const { frame } of framesOf(segment)) {
        const isInterim = (frame.flags & INTERIM) !== 0;
        if (!isInterim) interims.delete(frame.id);
        const noted = notes.get(frame.id);
        if (noted?.isDone) continue;
        const record = decodeRecord(frame.payload, plainCodec);
        const inDoubt = isInDoubt(noted, frame.flags);
        const stored = { id: frame.id, createdMs: frame.createdMs, inDoubt, record };
        if (isInterim) interims.set(frame.id, stored);
        else yield stored;
      }
    }
    // Of spans that wait, and of those of which no more is there.
    yield* interims.values();
  }

  /** What the server refused, where it was kept. */
  *rejects(project: string): Generator<StoredReject, void> {
    const directory = rejectsPath(projectPath(this.#directory, project));
    for (const name of this.#names(directory)) {
      for (const { frame } of framesOf(this.#file(join(directory, name)))) {
        yield { createdMs: frame.createdMs, reject: decodeReject(frame.payload, plainCodec) };
      }
    }
  }

  /**
   * Removes a directory with what is in it. Renamed first: an owner that lives after all notices, as after a take-over,
   * and writes again what it has in memory.
   *
   * @throws what the file system throws, and for a directory with something in it that is none of ours.
   */
  purge({ path, project }: Pick<SpoolOwner, 'path' | 'project'>): void {
    const names = this.#fs.list(path);
    const foreign = names.find((name) => !isLeaseName(name) && !SEGMENT_NAME.test(name.replace(/\.ack$/, '.log')));
    if (foreign !== undefined) throw new Error(`${join(path, foreign)} is not a file of the spool; remove it by hand`);
    const doomed = join(projectPath(this.#directory, project), `.purged-${randomBytes(4).toString('hex')}`);
    this.#fs.rename(path, doomed);
    for (const name of this.#fs.list(doomed)) this.#fs.remove(join(doomed, name));
    this.#fs.removeDirectory(doomed);
  }

  /** Removes what was kept of refused spans. */
  purgeRejects(project: string): void {
    const directory = rejectsPath(projectPath(this.#directory, project));
    for (const name of this.#names(directory)) this.#fs.remove(join(directory, name));
  }

  #owner(project: string, name: string, path: string): SpoolOwner | undefined {
    if (this.#fs.facts(path)?.kind !== 'directory') return undefined;
    const lease = readLease(this.#fs, path, name);
    const isFree = lease !== undefined && (lease.isSealed || this.#processes.isDead(lease.owner));
    let records = 0;
    let oldestMs: number | undefined;
    for (const { createdMs } of this.records({ path })) {
      records++;
      oldestMs = Math.min(oldestMs ?? createdMs, createdMs);
    }
    return {
      project,
      name,
      path,
      records,
      oldestMs,
      bytes: bytesBelow(this.#fs, path),
      host: lease?.owner.host,
      pid: lease?.owner.pid,
      state: isFree ? 'free' : 'perhaps alive',
      seenMs: this.#fs.facts(leasePath(path))?.modifiedMs,
    };
  }

  #segments(path: string): readonly SegmentFile[] {
    const names = this.#names(path).filter((name) => SEGMENT_NAME.test(name));
    return names.flatMap((name) => {
      const file = join(path, name);
      const isOurs = this.#fs.facts(file)?.kind === 'file' && typeof headerOf(this.#fs, file) === 'object';
      return isOurs ? [this.#file(file)] : [];
    });
  }

  #file(path: string): SegmentFile {
    return SegmentFile.found(this.#fs, path, this.#fs.facts(path)?.size ?? 0, 0);
  }

  /** None when there is no such directory, or when it has just gone. */
  #names(path: string): readonly string[] {
    try {
      return this.#fs.list(path).toSorted();
    } catch {
      return [];
    }
  }
}

function* framesOf(segment: SegmentFile): Generator<Found & { kind: 'frame' }, void> {
  for (const found of segment.scan()) if (found.kind === 'frame') yield found;
}
