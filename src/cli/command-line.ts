import { parseArgs } from 'node:util';
import { errorCode } from '../spool/file-system.js';
import { type Command, type CommandOption, type Given, UsageError } from './command.js';

/** @throws UsageError for what the command does not know. */
export function parseFor({ name, options, argument }: Command, args: readonly string[]): Given {
  const { values, positionals } = parse(options, args);
  const [first, ...others] = positionals;
  const surplus = argument === undefined ? first : others[0];
  if (surplus !== undefined) throw new UsageError(`${name} does not take the argument "${surplus}"`);
  return {
    flag: (option) => values[option] === true,
    text: (option) => {
      const value = values[option];
      return typeof value === 'string' ? value : undefined;
    },
    argument: first,
  };
}

interface Parsed {
  readonly values: Readonly<{ [name: string]: unknown }>;
  readonly positionals: readonly string[];
}

function parse(options: Command['options'], args: readonly string[]): Parsed {
  const types = Object.entries(options).map(([name, { type }]) => [name, { type }] as const);
  try {
    return parseArgs({ args: [...args], options: Object.fromEntries(types), allowPositionals: true });
  } catch (failure) {
    // Node's own words name the option and say what is wrong with it; a hint about `--` follows.
    if (errorCode(failure)?.startsWith('ERR_PARSE_ARGS') !== true) throw failure;
    const [sentence = ''] = String(failure instanceof Error ? failure.message : failure).split(/\. |\n/);
    throw new UsageError(sentence);
  }
}

export const DIRECTORY: CommandOption = {
  type: 'string',
  value: 'path',
  help: 'the persistence directory (LANGFUSE_PERSISTENCE_DIRECTORY)',
};
export const BASE_URL: CommandOption = {
  type: 'string',
  value: 'url',
  help: 'the server (LANGFUSE_BASE_URL)',
};
export const JSON_OUTPUT: CommandOption = { type: 'boolean', help: 'print JSON' };
