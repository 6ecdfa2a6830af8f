import { join } from 'node:path';
import type { FileSystem } from './file-system.js';
import type { ProcessIdentity } from './process-identity.js';

const LEASE = 'lease';
const MAX_BYTES = 4_096;

/** Who has a directory of the spool. Its time of change says when the owner was last seen alive. */
export interface LeaseFile {
  /** The directory it was written for: the lease of a directory that was renamed since is somebody else's. */
  readonly name: string;
  readonly owner: ProcessIdentity;
  /** Notes may be missing in it: a machine went down with it, or an owner was taken for dead that may have lived. */
  readonly hasGaps?: boolean;
  /** The owner has closed it and wants nothing of it any more. */
  readonly isSealed: boolean;
  /** What is left in it a process that reads this version of segments can do nothing with. */
  readonly spentFor?: number;
  /** Something could not be read; nobody tries again before, milliseconds since the epoch. */
  readonly restUntilMs?: number;
}

export function leasePath(directory: string): string {
  return join(directory, LEASE);
}

/** True of the lease, and of what is left of writing one. */
export function isLeaseName(name: string): boolean {
  return name === LEASE || name.startsWith(`${LEASE}-`);
}

/** Replaces what is there, in one step. @throws when the directory is gone. */
export function writeLease(fs: FileSystem, directory: string, lease: LeaseFile): void {
  draftLease(fs, directory, lease);
  placeLease(fs, directory, lease.name);
}

/** The first half: it counts as soon as the directory has the name that is in it. */
export function draftLease(fs: FileSystem, directory: string, lease: LeaseFile): void {
  const path = draftPath(directory, lease.name);
  if (fs.facts(path) !== undefined) fs.remove(path);
  const fd = fs.create(path);
  try {
    fs.append(fd, Buffer.from(JSON.stringify(lease)));
  } finally {
    fs.close(fd);
  }
}

/** The second half. */
export function placeLease(fs: FileSystem, directory: string, name: string): void {
  fs.rename(draftPath(directory, name), leasePath(directory));
}

/** The lease of the directory that has this name now; undefined when there is none, or none that can be read. */
export function readLease(fs: FileSystem, directory: string, name: string): LeaseFile | undefined {
  for (const path of [leasePath(directory), draftPath(directory, name)]) {
    const lease = leaseAt(fs, path);
    if (lease?.name === name) return lease;
  }
  return undefined;
}

function draftPath(directory: string, name: string): string {
  return join(directory, `${LEASE}-${name}`);
}

function leaseAt(fs: FileSystem, path: string): LeaseFile | undefined {
  try {
    const fd = fs.open(path, 'read');
    try {
      const parsed: unknown = JSON.parse(fs.read(fd, 0, MAX_BYTES).toString('utf8'));
      return isLease(parsed) ? parsed : undefined;
    } finally {
      fs.close(fd);
    }
  } catch {
    return undefined;
  }
}

function isLease(value: unknown): value is LeaseFile {
  if (typeof value !== 'object' || value === null) return false;
  const { name, owner, isSealed } = value as { readonly [key: string]: unknown };
  if (typeof name !== 'string' || typeof isSealed !== 'boolean') return false;
  if (typeof owner !== 'object' || owner === null) return false;
  const { host, pid } = owner as { readonly [key: string]: unknown };
  return typeof host === 'string' && typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0;
}
