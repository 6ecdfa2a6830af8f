import { createInterface } from 'node:readline';
import type { Environment } from '../options/env.js';
import { systemClock } from '../runtime/clock.js';
import { concealed } from './concealed.js';

/** Whoever called a command: what it reads and where it writes. Results go to `out`, what happens meanwhile to `err`. */
export interface Terminal {
  readonly env: Environment;
  /** Columns of the terminal that `err` is; undefined when it is a file or a pipe. */
  readonly columns: number | undefined;
  out(line: string): void;
  err(line: string): void;
  /** Writes to `err` in place of what it last wrote there by this. */
  redraw(text: string): void;
  /** Undefined when there is nobody to answer. */
  ask(question: string): Promise<string | undefined>;
  /** Aborted when the user wants the command to end (SIGINT, SIGTERM). A second signal kills. */
  readonly interrupted: AbortSignal;
}

const LONG_MS = 2 ** 31 - 1;
const START_OF_LINE = '\r\u001b[K';

/** This process's own. Holds the process until it is closed: neither our sockets nor our timers do. */
export function processTerminal(): Terminal & { close(): void } {
  const hold = systemClock().after(LONG_MS, () => {});
  hold.ref();
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  // Whoever reads our output may stop doing so (`| head`): no reason for a stack trace.
  process.stdout.on('error', () => {});
  const safe = concealed(process.env);
  return {
    env: process.env,
    columns: process.stderr.isTTY ? process.stderr.columns : undefined,
    out: (line) => void process.stdout.write(`${safe(line)}\n`),
    err: (line) => void process.stderr.write(`${safe(line)}\n`),
    redraw: (text) => void process.stderr.write(`${START_OF_LINE}${safe(text)}`),
    ask: (question) => ask(question),
    interrupted: interruption.signal,
    close() {
      hold.cancel();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeListener(signal, interrupt);
    },
  };
}

function ask(question: string): Promise<string | undefined> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    reader.once('close', () => resolve(undefined));
    reader.question(question, (answer) => {
      resolve(answer);
      reader.close();
    });
  });
}
