import { systemClock } from '../../runtime/clock.js';
import type { Command, ExitCode, Given } from '../command.js';
import { BASE_URL, DIRECTORY, JSON_OUTPUT } from '../command-line.js';
import { readSettings, type Settings } from '../settings.js';
import type { Terminal } from '../terminal.js';
import { askingAt } from './asking.js';
import { checkAccess } from './check-access.js';
import { checkAddress, checkProxy, checkSwitches } from './check-address.js';
import { checkClock } from './check-clock.js';
import { checkHealth, HEALTH_PATH } from './check-health.js';
import { checkKeys } from './check-keys.js';
import { checkPersistence } from './check-persistence.js';
import { checkProtocol } from './check-protocol.js';
import { type Finding, lineOf } from './finding.js';
import { checkWriting } from './write-probe.js';

/** Would the spans of this environment reach Langfuse? */
export const doctor: Command = {
  name: 'doctor',
  summary: 'Checks whether spans of this environment reach Langfuse',
  about: [
    'Looks at keys, address, proxy variables, the server and its clock, writes one span (environment "doctor")',
    'and reads it back, and looks at the persistence directory. Keys are never printed.',
    'Exit code 1 when a problem was found; notes and warnings do not count.',
  ].join('\n'),
  options: {
    'base-url': BASE_URL,
    directory: DIRECTORY,
    'no-write': { type: 'boolean', help: 'write no span, and nothing to the directory' },
    json: JSON_OUTPUT,
  },
  examples: [
    'langfuse-otel doctor',
    'langfuse-otel doctor --no-write --base-url https://langfuse.example.com',
    'langfuse-otel doctor --json --directory /var/spool/langfuse',
  ],
  async run(given, terminal): Promise<ExitCode> {
    const settings = readSettings(given, terminal);
    const findings: Finding[] = [];
    for await (const finding of examine(settings, given, terminal)) {
      findings.push(finding);
      if (!given.flag('json')) terminal.out(lineOf(finding));
    }
    const isWell = findings.every(({ state }) => state !== 'problem');
    if (given.flag('json')) terminal.out(JSON.stringify({ ok: isWell, checks: findings }, undefined, 2));
    return isWell ? 0 : 1;
  },
};

async function* examine(settings: Settings, given: Given, terminal: Terminal): AsyncGenerator<Finding, void> {
  const { env } = terminal;
  const mayWrite = !given.flag('no-write');
  yield checkKeys(env);
  yield checkAddress(settings);
  yield* checkSwitches(settings, env);
  yield checkProxy(env);
  if (settings.hasUsableUrl) yield* examineServer(settings, mayWrite, terminal);
  yield checkPersistence(settings.directory, mayWrite);
}

async function* examineServer(
  settings: Settings,
  mayWrite: boolean,
  terminal: Terminal,
): AsyncGenerator<Finding, void> {
  const clock = systemClock();
  const asking = askingAt(settings.baseUrl, settings.credentials, clock);
  try {
    const asked = await asking.get(HEALTH_PATH);
    const { finding, isLangfuse, version } = checkHealth(asked);
    yield finding;
    yield checkProtocol(settings, version);
    if (!isLangfuse) return;
    yield checkClock(asked);
    if (settings.credentials === undefined) return;
    const access = await checkAccess(asking);
    yield access;
    const obstacle = obstacleToWriting(settings, access, mayWrite);
    yield obstacle === undefined
      ? await checkWriting(settings, settings.credentials, { asking, clock, signal: terminal.interrupted })
      : { check: 'write', state: 'skipped', text: obstacle };
  } finally {
    await asking.close();
  }
}

function obstacleToWriting({ isSwitchedOff }: Settings, access: Finding, mayWrite: boolean): string | undefined {
  if (!mayWrite) return '--no-write';
  if (isSwitchedOff) return 'the export is switched off';
  return access.state === 'ok' ? undefined : 'the server does not accept the keys';
}
