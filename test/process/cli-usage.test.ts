import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runCli } from '../support/packed/run-cli.js';

it('langfuse-otel tells its version, and ends with 2 when it is called wrongly', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(await runCli(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  const { code, out, err } = await runCli(['mend']);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(/^langfuse-otel: there is no command "mend"; .*\nSee langfuse-otel --help\n$/);
});
