import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { startLocalLangfuse } from '../../support/local-langfuse/index.js';
import { startScriptedProvider } from '../../support/scripted-provider/scripted-provider.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const APP = `const { OpenAI } = require('openai');
const messages = [{ role: 'user', content: 'Can I get a refund?' }];
new OpenAI().chat.completions.create({ model: 'gpt-4o', messages });
`;

it('an application set up as the page says has its conversation in Langfuse when it has run to its end', async () => {
  const [server, provider] = await Promise.all([startLocalLangfuse(), startScriptedProvider()]);
  onTestFinished(async () => {
    await Promise.all([server.close(), provider.close()]);
  });
  const page = readFileSync(join(ROOT, 'docs/logs.md'), 'utf8');
  mkdirSync(join(ROOT, 'temp'), { recursive: true });
  const directory = mkdtempSync(join(ROOT, 'temp', 'logs-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, 'tracing.mjs'), /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? '');
  writeFileSync(join(directory, 'app.cjs'), APP);
  const { stderr } = await promisify(execFile)(process.execPath, ['--import', './tracing.mjs', 'app.cjs'], {
    cwd: directory,
    timeout: 20_000,
    env: {
      PATH: process.env['PATH'],
      OPENAI_API_KEY: 'sk-scripted',
      OPENAI_BASE_URL: provider.baseUrl,
      LANGFUSE_PUBLIC_KEY: server.publicKey,
      LANGFUSE_SECRET_KEY: server.secretKey,
      LANGFUSE_BASE_URL: server.baseUrl,
      // This application exports nothing but to Langfuse.
      OTEL_METRICS_EXPORTER: 'none',
    },
  });
  expect(stderr).toBe('');
  expect(server.observations()).toMatchObject([
    {
      type: 'GENERATION',
      input: [{ role: 'user', content: 'Can I get a refund?' }],
      output: { role: 'assistant', content: expect.stringContaining('refunded in full') },
    },
  ]);
});
