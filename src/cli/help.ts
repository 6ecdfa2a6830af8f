import type { Command } from './command.js';
import { alignedRows } from './text-table.js';

/** What `--help` says of all commands. */
export function overview(commands: readonly Command[]): string {
  const rows = commands.map(({ name, summary }) => [`  langfuse-otel ${name}`, summary]);
  return [
    'Looks after the delivery of OpenTelemetry spans to Langfuse.',
    '',
    ...alignedRows(rows),
    '',
    'Each has a --help with examples. --version prints the version.',
    'Keys are read from LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY, and never printed.',
    'Exit codes: 0 as wished, 1 a problem was found or something is left, 2 wrongly called.',
  ].join('\n');
}

/** What `--help` says of one. */
export function helpFor({ name, summary, argument, about, options, examples }: Command): string {
  const rows = Object.entries(options).map(([option, { value, help }]) => [
    `  --${option}${value === undefined ? '' : ` <${value}>`}`,
    help,
  ]);
  return [
    `langfuse-otel ${name}${argument === undefined ? '' : ` [${argument}]`} [options]`,
    '',
    `${summary}.`,
    ...about.split('\n'),
    '',
    'Options:',
    ...alignedRows([...rows, ['  --help', 'print this']]),
    '',
    'Examples:',
    ...examples.map((example) => `  ${example}`),
  ].join('\n');
}
