import type { Terminal } from '../../src/cli/terminal.js';

/** A terminal that keeps what is written; nobody sits at it. */
export function recordingTerminal(
  env: Terminal['env'] = {},
  columns?: number,
): Terminal & { readonly outLines: string[]; readonly errLines: string[]; readonly drawn: string[] } {
  const outLines: string[] = [];
  const errLines: string[] = [];
  const drawn: string[] = [];
  return {
    ...{ env, columns, outLines, errLines, drawn },
    out: (line) => void outLines.push(line),
    err: (line) => void errLines.push(line),
    redraw: (text) => void drawn.push(text),
    ask: async () => undefined,
    interrupted: new AbortController().signal,
  };
}
