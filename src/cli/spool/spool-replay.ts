import type { ShutdownReport } from '../../ledger/status.js';
import { LangfuseSpanExporter } from '../../otel/span-exporter.js';
import type { Clock } from '../../ports.js';
import { systemClock } from '../../runtime/clock.js';
import { noopLogger } from '../../runtime/logger.js';
import type { SpoolOwner } from '../../spool/spool-reader.js';
import { LEASE_MS } from '../../spool/stale-leases.js';
import { type Command, type ExitCode, type Given, UsageError } from '../command.js';
import { BASE_URL, DIRECTORY } from '../command-line.js';
import { credentialsOf } from '../settings.js';
import type { Terminal } from '../terminal.js';
import { counted, formatCount } from '../units.js';
import { type OpenedSpool, openSpool } from './opened-spool.js';
import { Progress } from './progress.js';
import { FIRST_LOOK_MS, LATER_LOOKS_MS, type ReplayEnd, type ReplayWatch, sumOf, watchReplay } from './replay-run.js';

const STALL_S = 60;
const CLOSE_MS = 10_000;
const SEEKING = 'waiting until it is sure that nobody uses the rest';
/** Nothing is given up for its age or its size: whoever replays wants it delivered. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** Delivers what waits on disk, without an application. */
export const spoolReplay: Command = {
  name: 'spool replay',
  summary: 'Delivers what waits in a persistence directory',
  about: [
    'Takes over what processes that have ended left for the project of the keys in the environment, and sends it.',
    'What belongs to processes that are perhaps alive is left to them, what belongs to other projects to their keys.',
    'A record that the server refuses is gone afterwards, unless --keep-rejected is given. Exit code 1 when anything',
    'is left, refused or dropped. What is left stays on disk, also after Ctrl-C.',
  ].join('\n'),
  options: {
    directory: DIRECTORY,
    'base-url': BASE_URL,
    timeout: { type: 'string', value: 'seconds', help: `give up after so long without progress (${STALL_S})` },
    'keep-rejected': { type: 'boolean', help: 'keep what the server refuses, with its answer' },
  },
  examples: [
    'langfuse-otel spool replay --directory /var/spool/langfuse',
    'langfuse-otel spool replay --timeout 600 --keep-rejected',
  ],
  async run(given, terminal): Promise<ExitCode> {
    const stallMs = stallMsOf(given);
    const spool = openSpool(given, terminal);
    const { reader, directory, ownProject } = spool;
    const credentials = credentialsOf(spool.settings);
    if (!spool.settings.hasUsableUrl) throw new UsageError(spool.settings.warnings.join('; '));
    tellOfOthers(spool, terminal);
    const owners = reader.owners().filter(({ project, records }) => project === ownProject && records > 0);
    if (owners.length === 0) {
      terminal.out(`Nothing waits for this project in ${directory}.`);
      return 0;
    }
    const errors: string[] = [];
    const clock = systemClock();
    const exporter = new LangfuseSpanExporter({
      ...credentials,
      baseUrl: spool.settings.baseUrl,
      enabled: true,
      metrics: false,
      logger: noopLogger,
      persistence: {
        directory,
        maxBytes: NO_LIMIT,
        maxAgeMs: NO_LIMIT,
        minFreeBytes: 0,
        keepRejected: given.flag('keep-rejected'),
      },
      onError: ({ message }) => void errors.push(message),
    });
    if (exporter.status().state === 'disabled') throw new UsageError('OTEL_SDK_DISABLED is set; unset it');
    const end = await replay(exporter, { ...expectationsOf(owners, clock), stallMs, clock, terminal });
    const report = await exporter.close({ timeoutMs: CLOSE_MS });
    return conclude(end, report, errors, spool, terminal);
  },
};

/** What is free is found at once, what has not been seen for a minute a little later; the rest may be in use. */
function expectationsOf(owners: readonly SpoolOwner[], clock: Clock): Pick<ReplayWatch, 'expected' | 'quietMs'> {
  const stale = ({ seenMs }: SpoolOwner): boolean => seenMs !== undefined && clock.wallMs() - seenMs >= LEASE_MS;
  const due = owners.filter((owner) => owner.state === 'free' || stale(owner));
  return {
    expected: due.reduce((sum, { records }) => sum + records, 0),
    quietMs: due.every(({ state }) => state === 'free') ? FIRST_LOOK_MS : LATER_LOOKS_MS,
  };
}

async function replay(
  exporter: LangfuseSpanExporter,
  run: Pick<ReplayWatch, 'expected' | 'quietMs' | 'stallMs' | 'clock'> & { readonly terminal: Terminal },
): Promise<ReplayEnd> {
  const progress = new Progress(run.terminal, run.clock);
  const end = await watchReplay({
    ...run,
    status: () => exporter.status(),
    signal: run.terminal.interrupted,
    onLook: ({ settled, total, isSeeking, isCut }) =>
      progress.show(settled, total, isCut ? 'the server cannot be reached' : isSeeking ? SEEKING : undefined),
  });
  progress.end();
  return end;
}

const WHY: Readonly<{ [end in ReplayEnd]: string | undefined }> = {
  done: undefined,
  refused: 'stopped, because the server does not let us in',
  stalled: 'stopped, because nothing moved',
  interrupted: 'interrupted',
};

function conclude(
  end: ReplayEnd,
  { delivered, rejected, dropped }: ShutdownReport,
  errors: readonly string[],
  { reader, ownProject }: OpenedSpool,
  terminal: Terminal,
): ExitCode {
  const left = reader.owners().filter(({ project, records }) => project === ownProject && records > 0);
  const countOf = (wanted: string): number =>
    left.reduce((sum, { state, records }) => sum + (state === wanted ? records : 0), 0);
  const [free, alive] = [countOf('free'), countOf('perhaps alive')];
  if (WHY[end] !== undefined) terminal.err(`${WHY[end]}${errors.length > 0 ? `: ${errors.at(-1)}` : ''}`);
  else for (const error of new Set(errors)) terminal.err(error);
  const lost = sumOf(dropped);
  terminal.out(`delivered ${formatCount(delivered)}, refused ${rejected}, dropped ${lost}, left ${formatCount(free)}`);
  if (lost > 0) terminal.out(`dropped: ${reasonsIn(dropped)}`);
  if (alive > 0) terminal.out(`${counted(alive, 'record')} left to owners that are perhaps alive`);
  return end === 'done' && rejected + lost + free === 0 ? 0 : 1;
}

function reasonsIn(dropped: ShutdownReport['dropped']): string {
  return Object.entries(dropped)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${reason} ${count}`)
    .join(', ');
}

function tellOfOthers({ reader, ownProject }: OpenedSpool, terminal: Terminal): void {
  const others = reader.owners().filter(({ project, records }) => project !== ownProject && records > 0);
  if (others.length === 0) return;
  const records = others.reduce((sum, owner) => sum + owner.records, 0);
  terminal.err(`${counted(records, 'record')} of other projects left alone: they need the keys they were made with`);
}

function stallMsOf(given: Given): number {
  const text = given.text('timeout') ?? String(STALL_S);
  const seconds = Number(text);
  if (!(seconds > 0)) throw new UsageError(`--timeout must be a number of seconds above 0, got "${text}"`);
  return 1000 * seconds;
}
