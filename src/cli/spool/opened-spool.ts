import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { projectHash } from '../../spool/project-directory.js';
import { SpoolReader } from '../../spool/spool-reader.js';
import type { Given } from '../command.js';
import { directoryOf, readSettings, type Settings } from '../settings.js';
import type { Terminal } from '../terminal.js';

export interface OpenedSpool {
  readonly directory: string;
  readonly reader: SpoolReader;
  readonly settings: Settings;
  /** Of the keys in the environment; undefined without them. */
  readonly ownProject: string | undefined;
}

/** @throws UsageError without a directory, and an Error when there is none of that name: it may be mistyped. */
export function openSpool(given: Given, terminal: Terminal): OpenedSpool {
  const settings = readSettings(given, terminal);
  const directory = resolve(directoryOf(settings));
  if (!existsSync(directory)) throw new Error(`${directory} does not exist`);
  const { credentials, baseUrl } = settings;
  const ownProject = credentials && projectHash(baseUrl, credentials.publicKey);
  return { directory, reader: new SpoolReader(directory), settings, ownProject };
}

/** All there are, or those one was asked for. */
export function projectsOf({ reader }: OpenedSpool, given: Given): readonly string[] {
  const wanted = given.text('project');
  return reader.projects().filter((project) => wanted === undefined || project === wanted);
}
