import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { type LocalLangfuse, startLocalLangfuse } from '../support/local-langfuse/index.js';

/** `npm run test:kills` asks for a thousand. */
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 200);
/** A whole exporter takes many times as long to start. */
const WHOLE_ROUNDS = Math.ceil(ROUNDS / 12);
/** Processes that write to one directory at the same time. */
const LANES = 2;

interface World {
  readonly server: LocalLangfuse;
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Ids that were made, and those of them that were reported safe. */
  readonly made: Set<string>;
  readonly safe: Set<string>;
  /** Those that were handed on, where there is no server. */
  readonly sent: Set<string>;
}

async function world(): Promise<World> {
  const server = await startLocalLangfuse({ profile: 'v4-events-only' });
  const directory = mkdtempSync(join(tmpdir(), 'langfuse-kills-'));
  onTestFinished(async () => {
    // What was killed left its connections behind.
    await server.close({ force: true });
    rmSync(directory, { recursive: true });
  });
  const { baseUrl, publicKey, secretKey } = server;
  const keys = { LANGFUSE_BASE_URL: baseUrl, LANGFUSE_PUBLIC_KEY: publicKey, LANGFUSE_SECRET_KEY: secretKey };
  return {
    server,
    directory,
    env: { ...keys, DIRECTORY: directory },
    made: new Set(),
    safe: new Set(),
    sent: new Set(),
  };
}

/** Runs the application; `kill` is called once it is ready, and ends it or not. */
async function run(
  { env, made, safe, sent }: World,
  scene: string,
  kill?: (end: () => void) => void,
  app: string = 'spool.mjs',
): Promise<{ readonly code: number | null; readonly lines: readonly string[] }> {
  const child = spawn(process.execPath, [app], {
    cwd: inject('packedApps').sdk2,
    env: { PATH: process.env['PATH'] ?? '', ...env, SCENE: scene },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  let isReady = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (isReady || !output.includes('ready')) return;
    isReady = true;
    kill?.(() => child.kill('SIGKILL'));
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  // A line that was cut by the end was not said.
  const lines = output
    .slice(0, output.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean);
  for (const line of lines) {
    const [word, ...ids] = line.split(' ');
    if (word === 'made') for (const id of ids) made.add(id);
    if (word === 'safe') for (const id of ids) safe.add(id);
    if (word === 'sent') for (const id of ids) sent.add(id);
  }
  return { code, lines };
}

const idsAt = (server: LocalLangfuse): Set<string> => new Set(server.observations().map(({ id }) => id));
const missingAt = ({ server, safe }: World): string[] => {
  const there = idsAt(server);
  return [...safe].filter((id) => !there.has(id));
};

const segmentsOf = ({ directory }: World): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('seg-'));

async function inLanes(rounds: number, round: () => Promise<unknown>): Promise<void> {
  let left = rounds;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await round();
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

describe('a process with a spool', () => {
  it(`alone, killed at any instant, ${ROUNDS} times, loses nothing it had called safe`, async () => {
    const one = await world();
    const write = () => run(one, 'write', (end) => void pause(40 * Math.random() ** 2).then(end), 'raw-spool.mjs');
    await inLanes(ROUNDS, write);
    const { lines } = await run(one, 'drain', undefined, 'raw-spool.mjs');
    expect(one.safe.size).toBeGreaterThan(ROUNDS);
    expect([...one.safe].filter((id) => !one.sent.has(id))).toEqual([]);
    expect([...one.sent].filter((id) => !one.made.has(id))).toEqual([]);
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ dropped: 0, spooled: 0 });
    expect(segmentsOf(one)).toEqual([]);
  }, 600_000);

  it(`with all of an exporter, killed ${WHOLE_ROUNDS} times, with a server that fails now and then, loses nothing either`, async () => {
    const one = await world();
    await inLanes(WHOLE_ROUNDS, () => {
      const dice = Math.random();
      if (dice < 0.15) one.server.faults.next(3, { status: 503 });
      else if (dice < 0.3) one.server.faults.next(1, 'hang');
      else if (dice < 0.4) one.server.faults.next(1, 'reset');
      return run(one, 'write', (end) => void pause(100 * Math.random() ** 2).then(end));
    });
    one.server.faults.clear();
    const { lines } = await run(one, 'drain');
    expect(one.made.size).toBeGreaterThan(0);
    expect(missingAt(one)).toEqual([]);
    // Nothing that nobody made, and nothing left.
    for (const id of idsAt(one.server)) expect(one.made.has(id)).toBe(true);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ dropped: 0 });
    // Whatever was under way at a kill was asked for, and nothing is there twice.
    expect(one.server.rows()).toHaveLength(idsAt(one.server).size);
    expect(segmentsOf(one)).toEqual([]);
  }, 600_000);

  it.each(['exit', 'spill', 'throw'])(
    'that ends at once (%s) saves what is in memory, and the next one delivers it',
    async (scene) => {
      const one = await world();
      one.server.faults.always('hang');
      const { code } = await run(one, scene);
      expect(code).toBe(scene === 'throw' ? 1 : 3);
      one.server.faults.clear();
      await run(one, 'drain');
      expect(one.made.size).toBe(20);
      expect(idsAt(one.server)).toEqual(one.made);
    },
  );

  it('that is killed is taken over at once, and its spans are delivered without anybody calling anything', async () => {
    const one = await world();
    one.server.faults.always({ status: 503 });
    await run(one, 'write', (end) => void pause(50).then(end));
    one.server.faults.clear();
    const startedAt = performance.now();
    await run(one, 'drain');
    expect(missingAt(one)).toEqual([]);
    // What was under way, and is not there, is sent when it has had the time to show.
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });
});
