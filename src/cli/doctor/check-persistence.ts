import { accessSync, constants, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DEFAULTS } from '../../options/defaults.js';
import { nodeFileSystem } from '../../spool/node-file-system.js';
import { SpoolReader } from '../../spool/spool-reader.js';
import { counted, formatBytes } from '../units.js';
import type { Finding } from './finding.js';

const CHECK = 'persistence';

/** Whether spans can be kept in the directory, and what is there. `mayWrite`: try it, and leave nothing. */
export function checkPersistence(directory: string | undefined, mayWrite: boolean): Finding {
  if (directory === undefined) {
    const text = 'no directory is set: spans wait in memory, and what a process holds ends with it';
    return { check: CHECK, state: 'note', text };
  }
  const path = resolve(directory);
  const trouble = troubleWith(path, mayWrite);
  if (trouble !== undefined) {
    return { check: CHECK, state: 'problem', ...trouble, facts: { directory: path } };
  }
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    return {
      check: CHECK,
      state: 'ok',
      text: `${path} does not exist yet and can be made`,
      facts: { directory: path },
    };
  }
  const freeBytes = nodeFileSystem.freeBytes(path);
  const owners = new SpoolReader(path).owners();
  const free = owners.filter(({ state }) => state === 'free').length;
  const records = owners.reduce((sum, owner) => sum + owner.records, 0);
  const facts = { directory: path, freeBytes, owners: owners.length, freeOwners: free, records };
  const least = DEFAULTS.persistence.minFreeBytes;
  if (freeBytes < least) {
    const text = `${path} has ${formatBytes(freeBytes)} free: below ${formatBytes(least)} nothing is written`;
    return { check: CHECK, state: 'problem', text, remedy: 'make room, or lower persistence.minFreeBytes', facts };
  }
  const held = `${counted(records, 'record')} of ${counted(owners.length, 'owner')}, ${free} of them free`;
  const text = `${path} is writable, ${formatBytes(freeBytes)} free; ${owners.length === 0 ? 'nothing waits' : held}`;
  return { check: CHECK, state: 'ok', text, facts };
}

function troubleWith(path: string, mayWrite: boolean): Pick<Finding, 'text' | 'remedy'> | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isDirectory())
    return { text: `${path} is not a directory`, remedy: 'give another path' };
  const existing = stat === undefined ? nearest(path) : path;
  try {
    accessSync(existing, constants.W_OK | constants.X_OK);
    if (mayWrite) rmdirSync(mkdtempSync(join(existing, '.langfuse-otel-')));
  } catch (failure) {
    const why = failure instanceof Error ? failure.message : String(failure);
    return { text: `${existing} cannot be written to: ${why}`, remedy: 'give the user of the process the right to' };
  }
  const layout = nodeFileSystem.facts(join(path, 'v1'));
  if (layout === undefined || (layout.kind === 'directory' && layout.isOurs)) return undefined;
  return {
    text: `${join(path, 'v1')} is not a directory of this user`,
    remedy: 'give each user a directory of their own',
  };
}

/** The directory above it that exists. */
function nearest(path: string): string {
  const above = dirname(path);
  return above === path || statSync(above, { throwIfNoEntry: false }) !== undefined ? above : nearest(above);
}
