import { describe, expect, it, onTestFinished } from 'vitest';
import { type LocalLangfuse, startLocalLangfuse } from '../support/local-langfuse/index.js';
import { CAN_RUN_SDK_3 } from '../support/node-version.js';
import { runApp } from '../support/packed/run-app.js';

/** A server, and the environment that makes a process export to it. */
async function server(): Promise<{ readonly langfuse: LocalLangfuse; readonly env: Record<string, string> }> {
  const langfuse = await startLocalLangfuse({ profile: 'v4-events-only' });
  onTestFinished(() => langfuse.close());
  const { baseUrl, publicKey, secretKey } = langfuse;
  const env = { LANGFUSE_BASE_URL: baseUrl, LANGFUSE_PUBLIC_KEY: publicKey, LANGFUSE_SECRET_KEY: secretKey };
  return { langfuse, env };
}

async function losesNothing(beside: 'sdk2' | 'sdk3'): Promise<void> {
  const { langfuse, env } = await server();
  const ended = await runApp(['export.mjs'], { beside, env: { ...env, SPANS: '700' } });
  expect(ended).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  const names = langfuse.observations().map(({ name }) => name);
  expect(names.toSorted()).toEqual(Array.from({ length: 700 }, (_, n) => `chat ${n}`).sort());
}

describe('a process with a processor', () => {
  it('opens nothing and ends by itself at once while there are no spans', async () => {
    const { langfuse, env } = await server();
    const { exitCode, stdout, stderr } = await runApp(['idle.mjs'], { env });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const { idleMs, ...rest } = JSON.parse(stdout) as { readonly idleMs: number };
    expect(rest).toEqual({ state: 'new', opened: [] });
    expect(idleMs).toBeLessThan(250);
    expect(langfuse.requests).toEqual([]);
  });

  it('loses nothing beside SDK 2.x when it awaits the shutdown after its last span', () => losesNothing('sdk2'));

  it.runIf(CAN_RUN_SDK_3)('loses nothing beside SDK 3.x when it awaits the shutdown after its last span', () =>
    losesNothing('sdk3'),
  );

  it('exports by the CommonJS build as well', async () => {
    const { langfuse, env } = await server();
    expect(await runApp(['export-cjs-build.cjs'], { env })).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(langfuse.observations().map(({ name }) => name)).toEqual(['chat']);
  });
});

describe('a process in which tracing is off', () => {
  it('opens nothing and says nothing when OTEL_SDK_DISABLED switches it off', async () => {
    const { langfuse, env } = await server();
    const off = { ...env, OTEL_SDK_DISABLED: 'true', SPANS: '3' };
    expect(await runApp(['export.mjs'], { env: off })).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    const { stdout } = await runApp(['idle.mjs'], { env: off });
    expect(JSON.parse(stdout)).toMatchObject({ state: 'disabled', opened: [] });
    expect(langfuse.requests).toEqual([]);
  });

  it.each([[[]], [['LANGFUSE_PUBLIC_KEY']], [['LANGFUSE_SECRET_KEY']]])(
    'warns once and makes no request with no keys but %j',
    async (kept) => {
      const { langfuse, env } = await server();
      const keys = Object.fromEntries(kept.map((name) => [name, env[name] ?? '']));
      const ended = await runApp(['export.mjs'], { env: { LANGFUSE_BASE_URL: langfuse.baseUrl, ...keys, SPANS: '3' } });
      expect({ ...ended, stderr: ended.stderr.split('\n').length - 1 }).toEqual({ exitCode: 0, stdout: '', stderr: 1 });
      const missing = ['LANGFUSE_PUBLIC_KEY', 'LANGFUSE_SECRET_KEY'].filter((name) => !kept.includes(name));
      for (const name of missing) expect(ended.stderr).toContain(name);
      expect(langfuse.requests).toEqual([]);
    },
  );
});
