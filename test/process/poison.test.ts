import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import type { ExporterStatus } from '../../src/index.js';
import { type Receiver, startReceiver } from '../support/outside/receiver.js';
import { runApp } from '../support/packed/run-app.js';
import { SEED } from '../support/seed.js';

/** `npm run test:poison` asks for more. */
const ROUNDS = Number(process.env['POISON_ROUNDS'] ?? 1);
const SPANS = 300;
const VERSIONS = ['2.95.12', '3.37.0', '3.225.4', '4.16.0'];

async function receiving(
  version: string,
  maxBytes?: number,
): Promise<{ readonly receiver: Receiver; readonly env: Record<string, string> }> {
  const receiver = await startReceiver(version, maxBytes);
  onTestFinished(() => receiver.close());
  const env = {
    LANGFUSE_BASE_URL: receiver.baseUrl,
    LANGFUSE_PUBLIC_KEY: 'pk-lf-poison',
    LANGFUSE_SECRET_KEY: 'sk-lf-poison',
    SPANS: String(SPANS),
  };
  return { receiver, env };
}

/** As the application said at its end. */
function statusIn(stdout: string): ExporterStatus {
  return (JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { readonly status: ExporterStatus }).status;
}

function markers(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `#${n}`).sort();
}

function expectAll({ spans, faults }: Receiver, isMasked: boolean): void {
  expect(faults.slice(0, 20)).toEqual([]);
  if (!isMasked) expect(spans.map(({ marker }) => marker).sort()).toEqual(markers(SPANS));
  expect(new Set(spans.map(({ id }) => id)).size).toBe(SPANS);
}

const seeds = Array.from({ length: ROUNDS }, (_, n) => SEED + n);
const APPS = ['poison.mjs', 'poison-cjs.cjs'] as const;
type Run = readonly [version: string, app: (typeof APPS)[number]];
const ALL = VERSIONS.flatMap((version) => APPS.map((app): Run => [version, app]));
/** Each version and each build, though not each with each. */
const SOME: readonly Run[] = [
  ['2.95.12', 'poison.mjs'],
  ['3.37.0', 'poison-cjs.cjs'],
  ['3.225.4', 'poison.mjs'],
  ['4.16.0', 'poison-cjs.cjs'],
];

describe.each(seeds)('hostile spans of seed %i', (seed) => {
  it.each(ROUNDS > 1 ? ALL : SOME)(
    'reach %s from %s each once, in bytes that no server chokes on',
    async (version, app) => {
      const { receiver, env } = await receiving(version);
      const mask = app === 'poison.mjs' ? {} : { MASK: 'hostile' };
      const { exitCode, stdout, stderr } = await runApp([app], { env: { ...env, ...mask, SEED: String(seed) } });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expectAll(receiver, 'MASK' in mask);
      const { ledger, counters } = statusIn(stdout);
      expect(ledger).toMatchObject({ ended: SPANS, accepted: SPANS, delivered: SPANS, rejected: 0 });
      expect(counters.repaired.unicode).toBeGreaterThan(0);
      expect(counters.repaired.id).toBeGreaterThan(0);
    },
  );

  it.each(ROUNDS > 1 ? VERSIONS : ['3.37.0', '4.16.0'])(
    'that a killed process left on disk reach %s in such bytes from the next one',
    async (version) => {
      const { receiver, env } = await receiving(version);
      receiver.isDown = true;
      const directory = mkdtempSync(join(tmpdir(), 'langfuse-poison-'));
      onTestFinished(() => rmSync(directory, { recursive: true }));
      const inDirectory = { ...env, SEED: String(seed), DIRECTORY: directory };
      await killedOnceSaved({ ...inDirectory, SCENE: 'hold' });
      expect(receiver.spans).toEqual([]);
      receiver.isDown = false;
      const { exitCode, stdout } = await runApp(['poison.mjs'], { env: { ...inDirectory, SCENE: 'replay' } });
      expect(exitCode).toBe(0);
      expectAll(receiver, false);
      expect(statusIn(stdout).ledger).toMatchObject({ recovered: SPANS, delivered: SPANS, rejected: 0 });
    },
  );
});

/** Runs the application until it says that all its spans are on disk. */
async function killedOnceSaved(env: Readonly<Record<string, string>>): Promise<void> {
  const child = spawn(process.execPath, ['poison.mjs'], {
    cwd: inject('packedApps').sdk2,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close');
  await Promise.race([once(child.stdout, 'data'), ended]);
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
}

describe('more than any server takes', () => {
  it.each(ROUNDS > 1 ? VERSIONS : ['3.37.0', '4.16.0'])(
    'in any place of a span is cut until it fits %s',
    async (version) => {
      const maxBytes = 500_000;
      const { receiver, env } = await receiving(version, maxBytes);
      const { exitCode, stdout } = await runApp(['poison.mjs'], { env: { ...env, SCENE: 'huge' } });
      expect(exitCode).toBe(0);
      expect(receiver.faults).toEqual([]);
      const { ledger, counters } = statusIn(stdout);
      expect(ledger.delivered).toBe(ledger.ended);
      expect(receiver.spans.map(({ marker }) => marker).sort()).toEqual(markers(ledger.ended));
      expect(counters.truncated.size).toBeGreaterThan(0);
    },
  );
});
