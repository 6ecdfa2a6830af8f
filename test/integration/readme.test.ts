import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { type LocalLangfuse, startLocalLangfuse } from '../support/local-langfuse/index.js';
import { README, readmeBlock } from '../support/readme.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const SPAN = `trace.getTracer('app').startSpan('chat', { attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' } }).end();
`;
const APP_ESM = `import { trace } from '@opentelemetry/api';
${SPAN}`;
const APP_CJS = `const { trace } = require('@opentelemetry/api');
${SPAN}`;

/** Has work until it is told to stop, as a server has. */
const SERVICE = `${APP_ESM}
setInterval(() => {}, 60_000);
console.log('ready');
`;

interface QuickStart {
  readonly flag: '--import' | '--require';
  readonly tracing: string;
  readonly app: string;
  readonly code: string;
}

const ESM: QuickStart = { flag: '--import', tracing: 'tracing.mjs', app: 'app.mjs', code: APP_ESM };
const COMMONJS: QuickStart = { flag: '--require', tracing: 'tracing.cjs', app: 'app.cjs', code: APP_CJS };

async function startServer(): Promise<LocalLangfuse> {
  const server = await startLocalLangfuse({ profile: 'v4-events-only' });
  onTestFinished(() => server.close());
  return server;
}

/** The application behind what the README has people paste, inside the repository so that the package finds itself. */
function start(
  { flag, tracing, app, code }: QuickStart,
  server: LocalLangfuse,
): ChildProcessByStdio<null, Readable, Readable> {
  mkdirSync(join(ROOT, 'temp'), { recursive: true });
  const directory = mkdtempSync(join(ROOT, 'temp', 'readme-'));
  writeFileSync(join(directory, tracing), readmeBlock(tracing));
  writeFileSync(join(directory, app), code);
  const child = spawn(process.execPath, [flag, `./${tracing}`, app], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 20_000,
    killSignal: 'SIGKILL',
    env: {
      ...process.env,
      LANGFUSE_PUBLIC_KEY: server.publicKey,
      LANGFUSE_SECRET_KEY: server.secretKey,
      LANGFUSE_BASE_URL: server.baseUrl,
    },
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  });
  return child;
}

const stored = (server: LocalLangfuse): unknown => server.observations().map(({ name, type }) => [name, type]);

it.each([
  ['ESM', ESM],
  ['CommonJS', COMMONJS],
])('the quick start works as pasted, in %s', async (_, quickStart) => {
  const server = await startServer();
  const child = start(quickStart, server);
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stored(server)).toEqual([['chat', 'GENERATION']]);
});

it('the quick start sends what is left when a service is told to end, which then ends as told', async () => {
  const server = await startServer();
  const child = start({ ...ESM, code: SERVICE }, server);
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  const [, signal] = await once(child, 'close');
  expect(signal).toBe('SIGTERM');
  expect(stored(server)).toEqual([['chat', 'GENERATION']]);
});

it('the report and the ledger have the fields that the README shows', async () => {
  const { LangfuseSpanProcessor } = await import('../../src/index.js');
  const langfuse = new LangfuseSpanProcessor({ enabled: false });
  const shown = /\/\/ (\{ delivered.*\})/.exec(README)?.[1] ?? '';
  const named = [...shown.matchAll(/(\w+):/g)].map(([, name]) => name);
  expect(Object.keys(await langfuse.flush())).toEqual(named);
  expect(langfuse.status().ledger).toMatchObject({
    ended: 0,
    unsampled: 0,
    filtered: 0,
    refused: { queue_full: 0 },
    accepted: 0,
    delivered: 0,
  });
});
