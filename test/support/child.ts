import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Standard output, line by line. */
  readonly lines: readonly string[];
  readonly errors: string;
}

export interface Child {
  readonly process: ChildProcess;
  /** Resolves when the child has written the line. */
  wrote(line: string): Promise<void>;
  readonly ended: Promise<ChildEnd>;
}

export interface ChildOptions {
  readonly env?: Readonly<{ [name: string]: string }>;
  /** Options of Node. */
  readonly execArgv?: readonly string[];
  readonly args?: readonly string[];
}

/** Runs a TypeScript file in a process of its own, which does not outlive the test. */
export function startChild(file: URL, { env = {}, execArgv = [], args = [] }: ChildOptions = {}): Child {
  const child = spawn(process.execPath, [...execArgv, '--import', 'tsx', fileURLToPath(file), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    for (const listener of listeners) listener();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const ended = new Promise<ChildEnd>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, lines: output.split('\n').filter(Boolean), errors }));
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    process: child,
    wrote: (line) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!output.split('\n').includes(line)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
      }),
    ended,
  };
}
