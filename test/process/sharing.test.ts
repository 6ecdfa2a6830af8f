import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { type LocalLangfuse, startLocalLangfuse } from '../support/local-langfuse/index.js';

interface Volume {
  readonly server: LocalLangfuse;
  readonly directory: string;
  /** Starts an application on the volume. */
  start(scene: string, env?: Readonly<Record<string, string>>): Running;
}

interface Running {
  readonly child: ChildProcess;
  /** Ids it reported safe, so far. */
  readonly safe: () => string[];
  readonly said: (word: string) => boolean;
  readonly ended: Promise<unknown>;
}

async function volume(): Promise<Volume> {
  const server = await startLocalLangfuse({ profile: 'v4-events-only' });
  const directory = mkdtempSync(join(tmpdir(), 'langfuse-sharing-'));
  const children: ChildProcess[] = [];
  onTestFinished(async () => {
    for (const child of children) child.kill('SIGKILL');
    await server.close({ force: true });
    rmSync(directory, { recursive: true, force: true });
  });
  const { baseUrl, publicKey, secretKey } = server;
  const keys = { LANGFUSE_BASE_URL: baseUrl, LANGFUSE_PUBLIC_KEY: publicKey, LANGFUSE_SECRET_KEY: secretKey };
  const start = (scene: string, env: Readonly<Record<string, string>> = {}): Running => {
    const child = spawn(process.execPath, ['sharing.mjs'], {
      cwd: inject('packedApps').sdk2,
      env: { PATH: process.env['PATH'] ?? '', ...keys, DIRECTORY: directory, SCENE: scene, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const lines = (): string[] => output.slice(0, output.lastIndexOf('\n') + 1).split('\n');
    return {
      child,
      safe: () => lines().flatMap((line) => (line.startsWith('safe ') ? line.split(' ').slice(1) : [])),
      said: (word) => lines().some((line) => line.startsWith(word)),
      ended: new Promise((resolve) => child.on('close', resolve)),
    };
  };
  return { server, directory, start };
}

const segmentsIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('seg-'));
const idsAt = (server: LocalLangfuse): string[] => server.observations().map(({ id }) => id);

describe('processes and threads on one directory', () => {
  it('each write their own part, and what a killed one leaves is sent once, by one of the others', async () => {
    const { server, directory, start } = await volume();
    server.faults.always({ status: 503 });
    const victim = start('hold', { THREADS: '0' });
    await expect.poll(() => victim.safe().length, { timeout: 10_000 }).toBe(10);
    const others = [start('live', { THREADS: '2' }), start('live', { THREADS: '2' })];
    await expect.poll(() => others.every(({ said }) => said('ready')), { timeout: 10_000 }).toBe(true);
    server.faults.clear();
    const killedAt = performance.now();
    victim.child.kill('SIGKILL');
    await victim.ended;
    // Looked for four times a minute.
    const isThere = (): boolean => victim.safe().every((id) => idsAt(server).includes(id));
    await expect.poll(isThere, { timeout: 25_000, interval: 200 }).toBe(true);
    expect(performance.now() - killedAt).toBeLessThan(25_000);
    for (const { child } of others) child.kill('SIGTERM');
    await Promise.all(others.map(({ ended }) => ended));
    for (const id of victim.safe()) expect(server.deliveries(id)).toBe(1);
    const everything = [victim, ...others].flatMap(({ safe }) => safe());
    expect(everything).toHaveLength(10 + 2 * 3 * 10);
    expect(new Set(idsAt(server))).toEqual(new Set(everything));
    expect(segmentsIn(directory)).toEqual([]);
  }, 60_000);

  it('a thread that is terminated leaves what it had called safe to the next process', async () => {
    const { server, start } = await volume();
    server.faults.always({ status: 503 });
    const first = start('terminate', { THREADS: '1' });
    await first.ended;
    expect(first.safe()).toHaveLength(20);
    server.faults.clear();
    const next = start('live', { THREADS: '0' });
    const isThere = (): boolean => first.safe().every((id) => idsAt(server).includes(id));
    await expect.poll(isThere, { timeout: 10_000, interval: 100 }).toBe(true);
    next.child.kill('SIGTERM');
    await next.ended;
  }, 30_000);
});
