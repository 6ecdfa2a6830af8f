import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { startLocalLangfuse } from '../support/local-langfuse/index.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const run = promisify(execFile);

/** The code block of the README that begins with a comment naming this file. */
function blockNamed(file: string): string {
  const block = [...README.matchAll(/```js\n([\s\S]*?)```/g)]
    .map(([, code = '']) => code)
    .find((code) => code.startsWith(`// ${file}`));
  if (block === undefined) throw new Error(`the README has no code for ${file}`);
  return block;
}

const APP_ESM = `import { trace } from '@opentelemetry/api';
trace.getTracer('app').startSpan('chat', { attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' } }).end();
`;
const APP_CJS = APP_ESM.replace(
  "import { trace } from '@opentelemetry/api';",
  "const { trace } = require('@opentelemetry/api');",
);

it.each([
  ['ESM', '--import', 'tracing.mjs', 'app.mjs', APP_ESM],
  ['CommonJS', '--require', 'tracing.cjs', 'app.cjs', APP_CJS],
])('the quick start works as pasted, in %s', async (_, flag, tracing, app, code) => {
  const server = await startLocalLangfuse({ profile: 'v4-events-only' });
  mkdirSync(join(ROOT, 'temp'), { recursive: true });
  const directory = mkdtempSync(join(ROOT, 'temp', 'readme-'));
  onTestFinished(async () => {
    rmSync(directory, { recursive: true });
    await server.close();
  });
  writeFileSync(join(directory, tracing), blockNamed(tracing));
  writeFileSync(join(directory, app), code);
  const { stderr } = await run(process.execPath, [flag, `./${tracing}`, app], {
    cwd: directory,
    timeout: 20_000,
    env: {
      ...process.env,
      LANGFUSE_PUBLIC_KEY: server.publicKey,
      LANGFUSE_SECRET_KEY: server.secretKey,
      LANGFUSE_BASE_URL: server.baseUrl,
    },
  });
  expect(stderr).toBe('');
  expect(server.observations().map(({ name, type }) => [name, type])).toEqual([['chat', 'GENERATION']]);
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
