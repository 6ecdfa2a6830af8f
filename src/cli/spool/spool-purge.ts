import type { SpoolOwner } from '../../spool/spool-reader.js';
import { type Command, type ExitCode, type Given, UsageError } from '../command.js';
import { DIRECTORY } from '../command-line.js';
import type { Terminal } from '../terminal.js';
import { counted, formatBytes } from '../units.js';
import { rejectsIn } from './listed-rejects.js';
import { type OpenedSpool, openSpool, projectsOf } from './opened-spool.js';
import { PROJECT } from './spool-list.js';

/** Something that can be removed as a whole. */
interface Doomed {
  readonly what: string;
  readonly records: number;
  remove(): void;
}

/** Gives up what waits on disk, for good. */
export const spoolPurge: Command = {
  name: 'spool purge',
  summary: 'Removes what waits in a persistence directory, undelivered',
  argument: 'owner',
  about: [
    'Removes what is free: left by processes that have ended. Asks first. An owner, as spool list names it, limits it',
    'to that one. What belongs to a process that is perhaps alive is removed only with --alive; one that lives after',
    'all writes again what it has in memory. With --rejects: removes kept refused spans, and nothing else.',
    'Exit code 1 when the answer is no, or when something could not be removed.',
  ].join('\n'),
  options: {
    directory: DIRECTORY,
    project: PROJECT,
    rejects: { type: 'boolean', help: 'remove spans that the server refused instead' },
    alive: { type: 'boolean', help: 'also what belongs to processes that are perhaps alive' },
    yes: { type: 'boolean', help: 'do not ask' },
  },
  examples: [
    'langfuse-otel spool purge --directory /var/spool/langfuse',
    'langfuse-otel spool purge --project 3f1c0a9be2d84c57 --yes',
    'langfuse-otel spool purge --rejects --yes',
  ],
  async run(given, terminal): Promise<ExitCode> {
    const spool = openSpool(given, terminal);
    const doomed = given.flag('rejects') ? doomedRejects(spool, given) : doomedOwners(spool, given, terminal);
    const records = doomed.reduce((sum, one) => sum + one.records, 0);
    if (doomed.length === 0) {
      terminal.out(`Nothing to remove in ${spool.directory}.`);
      return 0;
    }
    for (const { what } of doomed) terminal.out(what);
    if (!given.flag('yes') && !(await isConfirmed(records, terminal))) {
      terminal.err('Nothing was removed.');
      return 1;
    }
    return removeAll(doomed, terminal);
  },
};

function doomedOwners(spool: OpenedSpool, given: Given, terminal: Terminal): readonly Doomed[] {
  const { reader } = spool;
  const projects = projectsOf(spool, given);
  const wanted = reader.owners().filter((owner) => projects.includes(owner.project) && isMeant(owner, given));
  if (given.argument !== undefined && wanted.length === 0) {
    throw new Error(`there is no owner "${given.argument}" in ${spool.directory}`);
  }
  const chosen = wanted.filter(({ state }) => state === 'free' || given.flag('alive'));
  if (chosen.length < wanted.length) {
    terminal.err(`${counted(wanted.length - chosen.length, 'owner')} perhaps alive left alone (--alive)`);
  }
  return chosen.map((owner) => ({
    what: `${owner.name}: ${counted(owner.records, 'record')}, ${formatBytes(owner.bytes)}, ${owner.state}`,
    records: owner.records,
    remove: () => reader.purge(owner),
  }));
}

function isMeant({ name }: SpoolOwner, { argument }: Given): boolean {
  return argument === undefined || name === argument;
}

function doomedRejects(spool: OpenedSpool, given: Given): readonly Doomed[] {
  if (given.argument !== undefined) throw new UsageError('refused spans have no owner; give --project to choose');
  return projectsOf(spool, given).flatMap((project) => {
    const records = rejectsIn(spool.reader, project).length;
    const what = `${project}: ${counted(records, 'refused span')}`;
    return records === 0 ? [] : [{ what, records, remove: () => spool.reader.purgeRejects(project) }];
  });
}

async function isConfirmed(records: number, terminal: Terminal): Promise<boolean> {
  const answer = await terminal.ask(`Remove ${counted(records, 'record')} for good? [y/N] `);
  if (answer === undefined) throw new UsageError('nobody answered the question; give --yes to remove without one');
  return /^y(es)?$/i.test(answer.trim());
}

function removeAll(doomed: readonly Doomed[], terminal: Terminal): ExitCode {
  let removed = 0;
  let code: ExitCode = 0;
  for (const { what, records, remove } of doomed) {
    try {
      remove();
      removed += records;
    } catch (failure) {
      code = 1;
      terminal.err(`${what}: not removed: ${failure instanceof Error ? failure.message : String(failure)}`);
    }
  }
  terminal.out(`${counted(removed, 'record')} removed.`);
  return code;
}
