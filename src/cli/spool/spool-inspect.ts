import type { ObservationRecord } from '../../record.js';
import type { Command, ExitCode, Given } from '../command.js';
import { DIRECTORY } from '../command-line.js';
import { type OpenedSpool, openSpool, projectsOf } from './opened-spool.js';
import { shownRecord } from './shown-record.js';
import { PROJECT } from './spool-list.js';

interface Candidate {
  readonly project: string;
  readonly owner?: string;
  readonly createdMs: number;
  readonly inDoubt?: boolean;
  /** What the server said, of one that it refused. */
  readonly rejection?: { readonly status: number; readonly message: string };
  readonly record: ObservationRecord | undefined;
}

/** One record, in full or without what people wrote. */
export const spoolInspect: Command = {
  name: 'spool inspect',
  summary: 'Shows one record of a persistence directory, its content masked',
  argument: 'record',
  about: [
    'The record is named by its id, as --rejects and the field "id" show it (trace id, a hyphen, span id), or by the',
    'beginning of that, or by its span id; without a name it is the first. Content, metadata values and whatever names',
    'a person are shown by their length only, unless --content is given. Prints JSON.',
  ].join('\n'),
  options: {
    directory: DIRECTORY,
    project: PROJECT,
    rejects: { type: 'boolean', help: 'look among spans that the server refused' },
    content: { type: 'boolean', help: 'show everything, prompts and answers too' },
  },
  examples: [
    'langfuse-otel spool inspect --directory /var/spool/langfuse',
    'langfuse-otel spool inspect 0af7651916cd43dd8448eb211c80319c',
    'langfuse-otel spool inspect b7ad6b7169203331 --rejects --content',
  ],
  async run(given, terminal): Promise<ExitCode> {
    const spool = openSpool(given, terminal);
    for (const { record, createdMs, ...rest } of candidates(spool, given)) {
      if (!isMeant(record, given.argument)) continue;
      const shown = record && shownRecord(record, given.flag('content') ? 'all' : 'masked');
      const writtenAt = new Date(createdMs).toISOString();
      terminal.out(JSON.stringify({ ...rest, writtenAt, record: shown ?? 'unreadable' }, undefined, 2));
      return 0;
    }
    const which = given.argument === undefined ? 'no record' : `no record "${given.argument}"`;
    terminal.err(`langfuse-otel: there is ${which} in ${spool.directory}`);
    return 1;
  },
};

function* candidates(spool: OpenedSpool, given: Given): Generator<Candidate, void> {
  const { reader } = spool;
  const projects = projectsOf(spool, given);
  if (given.flag('rejects')) {
    for (const project of projects) {
      for (const { createdMs, reject } of reader.rejects(project)) {
        const record = reject?.record;
        yield reject ? { project, createdMs, rejection: reject.rejection, record } : { project, createdMs, record };
      }
    }
    return;
  }
  for (const { project, name, path } of reader.owners()) {
    if (!projects.includes(project)) continue;
    for (const { createdMs, inDoubt, record } of reader.records({ path })) {
      yield { project, owner: name, createdMs, inDoubt, record };
    }
  }
}

function isMeant(record: ObservationRecord | undefined, wanted: string | undefined): boolean {
  return wanted === undefined || record?.spanId === wanted || record?.id.startsWith(wanted) === true;
}
