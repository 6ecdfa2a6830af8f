import { spawn } from 'node:child_process';
import { inject } from 'vitest';

export interface CliEnd {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface CliRun {
  /** All there is of it: nothing is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  /** What is typed; nobody is there without it. */
  readonly input?: string;
  /** The user presses Ctrl-C as soon as this was written to `err`. */
  readonly interruptAfter?: string;
}

/** Runs `langfuse-otel` as users have it: the one that installing the packed package put beside the application. */
export function runCli(
  args: readonly string[],
  { env = {}, input = '', interruptAfter }: CliRun = {},
): Promise<CliEnd> {
  const child = spawn(process.execPath, ['node_modules/.bin/langfuse-otel', ...args], {
    cwd: inject('packedApps').sdk2,
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  let out = '';
  let err = '';
  let isInterrupted = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    // Once: a second one kills.
    if (interruptAfter === undefined || isInterrupted || !err.includes(interruptAfter)) return;
    isInterrupted = child.kill('SIGINT');
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}
