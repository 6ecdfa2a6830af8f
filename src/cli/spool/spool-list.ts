import type { SpoolOwner } from '../../spool/spool-reader.js';
import type { Command, ExitCode } from '../command.js';
import { BASE_URL, DIRECTORY, JSON_OUTPUT } from '../command-line.js';
import type { Terminal } from '../terminal.js';
import { alignedRows } from '../text-table.js';
import { counted, formatAge, formatBytes, formatCount } from '../units.js';
import { type ListedReject, rejectsIn } from './listed-rejects.js';
import { type OpenedSpool, openSpool, projectsOf } from './opened-spool.js';

export const PROJECT = {
  type: 'string',
  value: 'hash',
  help: 'only what belongs to this project, as spool list names it',
} as const;

/** What waits on disk, and whose it is. */
export const spoolList: Command = {
  name: 'spool list',
  summary: 'Lists what waits in a persistence directory',
  about: [
    'One line for each process that has, or left, something there: "free" means that it has ended and the next',
    'exporter with the same keys takes it over; "perhaps alive" that it runs, or that nobody here can know.',
    'The project is a hash of base URL and public key; * marks that of the keys in the environment.',
    'With --rejects: spans that the server refused (persistence.keepRejected), and what it said.',
  ].join('\n'),
  options: {
    directory: DIRECTORY,
    project: PROJECT,
    'base-url': BASE_URL,
    rejects: { type: 'boolean', help: 'list spans that the server refused instead' },
    json: JSON_OUTPUT,
  },
  examples: [
    'langfuse-otel spool list --directory /var/spool/langfuse',
    'langfuse-otel spool list --rejects',
    "langfuse-otel spool list --json | jq '[.owners[].records] | add'",
  ],
  async run(given, terminal): Promise<ExitCode> {
    const spool = openSpool(given, terminal);
    const projects = projectsOf(spool, given);
    if (given.flag('rejects')) {
      const rejects = projects.flatMap((project) => rejectsIn(spool.reader, project));
      if (given.flag('json')) terminal.out(JSON.stringify({ directory: spool.directory, rejects }, undefined, 2));
      else printRejects(rejects, spool, terminal);
      return 0;
    }
    const owners = spool.reader.owners().filter(({ project }) => projects.includes(project));
    if (given.flag('json')) terminal.out(JSON.stringify({ directory: spool.directory, owners }, undefined, 2));
    else printOwners(owners, spool, terminal);
    return 0;
  },
};

function printOwners(owners: readonly SpoolOwner[], { directory, ownProject }: OpenedSpool, terminal: Terminal): void {
  if (owners.length === 0) {
    terminal.out(`Nothing waits in ${directory}.`);
    return;
  }
  const ago = (ms: number | undefined): string => (ms === undefined ? '-' : formatAge(Date.now() - ms));
  const rows = owners.map(({ name, project, state, oldestMs, seenMs, records, bytes }) => [
    name,
    `${project}${project === ownProject ? '*' : ''}`,
    state,
    ago(oldestMs),
    ago(seenMs),
    formatCount(records),
    formatBytes(bytes),
  ]);
  const heads = ['OWNER', 'PROJECT', 'STATE', 'OLDEST', 'SEEN', 'RECORDS', 'SIZE'];
  for (const line of alignedRows([heads, ...rows])) terminal.out(line);
  const records = owners.reduce((sum, owner) => sum + owner.records, 0);
  const bytes = owners.reduce((sum, owner) => sum + owner.bytes, 0);
  terminal.out(`${counted(records, 'record')}, ${formatBytes(bytes)}, ${counted(owners.length, 'owner')}`);
}

function printRejects(rejects: readonly ListedReject[], { directory }: OpenedSpool, terminal: Terminal): void {
  if (rejects.length === 0) {
    terminal.out(`No refused spans are kept in ${directory}.`);
    return;
  }
  const rows = rejects.map(({ id, project, keptMs, status, message }) => [
    id ?? 'unreadable',
    project,
    formatAge(Date.now() - keptMs),
    status === undefined ? '-' : String(status),
    message ?? '-',
  ]);
  for (const line of alignedRows([['RECORD', 'PROJECT', 'AGE', 'STATUS', 'THE SERVER SAID'], ...rows])) {
    terminal.out(line);
  }
  terminal.out(counted(rejects.length, 'refused span'));
}
