import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { FileSystem } from './file-system.js';
import type { NameSyncs } from './name-syncs.js';
import { QUARANTINE } from './quarantine.js';
import { REJECTS } from './rejects.js';

/** Of the layout, not of the files in it. */
export const LAYOUT = 'v1';

/** Names a project: by whose keys, at which server, records are sent. Says nothing about the keys. */
export function projectHash(baseUrl: string, publicKey: string): string {
  return createHash('sha256').update(`${baseUrl}\n${publicKey}`).digest('hex').slice(0, 16);
}

export function isProjectHash(name: string): boolean {
  return /^[0-9a-f]{16}$/.test(name);
}

export function projectPath(directory: string, project: string): string {
  return join(directory, LAYOUT, project);
}

/**
 * Makes the directory of a project, if it is not there.
 *
 * @throws what the file system throws, and an Error for a directory that somebody else could read or redirect.
 */
export function openProject(fs: FileSystem, directory: string, project: string, names: NameSyncs): string {
  const make = (part: string): void => {
    if (fs.facts(part) !== undefined) return;
    fs.makeDirectory(part);
    names.made(dirname(part));
  };
  make(directory);
  const path = projectPath(directory, project);
  // Below the directory that was given, which may be a link of the operator's, none is followed.
  for (const part of [join(directory, LAYOUT), path]) {
    make(part);
    const facts = fs.facts(part);
    if (facts?.kind !== 'directory') throw new Error(`${part} is not a directory`);
    if (!facts.isOurs) throw new Error(`${part} belongs to another user; give each user a directory of their own`);
  }
  return path;
}

/** Hashes of other projects that have left something in the directory. */
export function otherProjects(fs: FileSystem, directory: string, project: string): readonly string[] {
  try {
    return fs
      .list(join(directory, LAYOUT))
      .filter((name) => isProjectHash(name) && name !== project)
      .filter((name) => fs.list(projectPath(directory, name)).some((owner) => !NOT_OWNERS.has(owner)));
  } catch {
    return [];
  }
}

/** What lies beside the directories of owners. */
export const NOT_OWNERS: ReadonlySet<string> = new Set([QUARANTINE, REJECTS]);
