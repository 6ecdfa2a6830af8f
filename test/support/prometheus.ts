import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** Debian's package `prometheus` brings both. */
export const hasPrometheus =
  spawnSync('prometheus', ['--version']).status === 0 && spawnSync('promtool', ['--version']).status === 0;

export interface Prometheus {
  /** Asks until the answer is as wanted. */
  until<T>(path: string, isWanted: (data: T) => boolean): Promise<T>;
  query(expression: string): Promise<readonly Sample[]>;
}

export interface Sample {
  readonly metric: Readonly<{ [label: string]: string }>;
  readonly value: readonly [at: number, value: string];
}

/** A real Prometheus that scrapes `target` twice a second by these rules; gone when the test ends. */
export async function startPrometheus(target: string, rules: string): Promise<Prometheus> {
  const directory = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const config = {
    global: { scrape_interval: '500ms', scrape_timeout: '500ms', evaluation_interval: '500ms' },
    rule_files: [rules],
    scrape_configs: [{ job_name: 'answers', static_configs: [{ targets: [target] }] }],
  };
  const file = join(directory, 'prometheus.yml');
  writeFileSync(file, JSON.stringify(config));
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    'prometheus',
    [`--config.file=${file}`, `--storage.tsdb.path=${join(directory, 'data')}`, `--web.listen-address=${address}`],
    { stdio: 'ignore' },
  );
  onTestFinished(async () => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  });
  const ask = async <T>(path: string): Promise<T> => {
    const response = await fetch(`http://${address}/api/v1/${path}`);
    const { status, data, error } = (await response.json()) as { status: string; data: T; error?: string };
    if (status !== 'success') throw new Error(`Prometheus: ${error}`);
    return data;
  };
  return {
    until: async (path, isWanted) => {
      for (let tries = 0; ; tries++) {
        try {
          const data = await ask<Parameters<typeof isWanted>[0]>(path);
          if (isWanted(data)) return data;
          if (tries > 150) throw new Error(`never as wanted: ${JSON.stringify(data).slice(0, 2_000)}`);
        } catch (failure) {
          // It takes a moment to listen.
          if (tries > 150) throw failure;
        }
        await pause(200);
      }
    },
    query: async (expression) =>
      (await ask<{ readonly result: readonly Sample[] }>(`query?query=${encodeURIComponent(expression)}`)).result,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
