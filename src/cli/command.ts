import type { Terminal } from './terminal.js';

/** Documented in `docs/cli.md`: 0 as wished, 1 a problem was found or something is left, 2 wrongly called. */
export type ExitCode = 0 | 1 | 2;

/** What was given on the command line, after it was checked against the command's own options. */
export interface Given {
  flag(name: string): boolean;
  text(name: string): string | undefined;
  readonly argument: string | undefined;
}

export interface CommandOption {
  readonly type: 'boolean' | 'string';
  /** What stands for the value in the help. */
  readonly value?: string;
  readonly help: string;
}

/** One thing the tool does. */
export interface Command {
  /** As it is called, `spool list` for example. */
  readonly name: string;
  readonly summary: string;
  /** The argument it may have beside options, as the help shows it. */
  readonly argument?: string;
  /** Paragraphs of the help, between summary and options. */
  readonly about: string;
  readonly options: Readonly<{ [name: string]: CommandOption }>;
  readonly examples: readonly string[];
  run(given: Given, terminal: Terminal): Promise<ExitCode>;
}

/** The command cannot be run as it was called: the message says why. */
export class UsageError extends Error {}
