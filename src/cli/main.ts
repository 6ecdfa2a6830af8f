import { SDK_VERSION } from '../http/identity.js';
import { type Command, type ExitCode, UsageError } from './command.js';
import { parseFor } from './command-line.js';
import { doctor } from './doctor/doctor.js';
import { helpFor, overview } from './help.js';
import { spoolInspect } from './spool/spool-inspect.js';
import { spoolList } from './spool/spool-list.js';
import { spoolPurge } from './spool/spool-purge.js';
import { spoolReplay } from './spool/spool-replay.js';
import type { Terminal } from './terminal.js';

const COMMANDS: readonly Command[] = [doctor, spoolList, spoolReplay, spoolInspect, spoolPurge];

/** Runs what the command line says. Resolves with the exit code, and never rejects. */
export async function main(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { command, rest } = find(args);
  try {
    if (command === undefined) return withoutCommand(args, terminal);
    if (rest.includes('--help') || rest.includes('-h')) {
      terminal.out(helpFor(command));
      return 0;
    }
    return await command.run(parseFor(command, rest), terminal);
  } catch (failure) {
    const message = failure instanceof Error ? failure.message : String(failure);
    terminal.err(`langfuse-otel: ${message}`);
    if (!(failure instanceof UsageError)) return 1;
    terminal.err(`See langfuse-otel ${command === undefined ? '' : `${command.name} `}--help`);
    return 2;
  }
}

function find(args: readonly string[]): { command: Command | undefined; rest: readonly string[] } {
  for (const command of COMMANDS) {
    const words = command.name.split(' ');
    if (words.every((word, n) => args[n] === word)) return { command, rest: args.slice(words.length) };
  }
  return { command: undefined, rest: args };
}

function withoutCommand(args: readonly string[], terminal: Terminal): ExitCode {
  const [first, second] = args;
  const group = COMMANDS.filter(({ name }) => name.startsWith(`${first} `));
  if (first === '--version') terminal.out(SDK_VERSION);
  else if (first === '--help' || first === '-h') terminal.out(overview(COMMANDS));
  else if (group.length > 0 && (second === '--help' || second === '-h')) terminal.out(overview(group));
  else throw new UsageError(complaint(args, group));
  return 0;
}

function complaint([first, second]: readonly string[], group: readonly Command[]): string {
  const names = (group.length > 0 ? group : COMMANDS).map(({ name }) => name).join(', ');
  if (first === undefined) return `no command given; there is ${names}`;
  const unknown = group.length > 0 ? `${first} ${second ?? ''}`.trim() : first;
  return `there is no command "${unknown}"; there is ${names}`;
}
