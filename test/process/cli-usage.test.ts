import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/packed/run-cli.js';

const COMMANDS = ['doctor', 'spool list', 'spool replay', 'spool inspect', 'spool purge'];

describe('langfuse-otel', () => {
  it('says what there is', async () => {
    const { code, out, err } = await runCli(['--help']);
    expect([code, err]).toEqual([0, '']);
    for (const command of COMMANDS) expect(out).toContain(`langfuse-otel ${command} `);
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await runCli(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it.each(COMMANDS)('shows how to call %s, with examples', async (command) => {
    const { code, out } = await runCli([...command.split(' '), '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`Examples:\n  langfuse-otel ${command}`);
  });

  it.each([
    ['', 'no command given; there is doctor, spool list'],
    ['mend', 'there is no command "mend"; there is doctor, spool list'],
    ['spool', 'there is no command "spool"; there is spool list'],
    ['spool mend', 'there is no command "spool mend"; there is spool list'],
    ['doctor --wirte', "Unknown option '--wirte'"],
    ['doctor now', 'doctor does not take the argument "now"'],
    ['spool list', 'no directory given; give --directory <path> or set LANGFUSE_PERSISTENCE_DIRECTORY'],
    ['spool list --directory', "Option '--directory <value>' argument missing"],
    ['spool replay --directory .', 'keys are needed; set LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY'],
    ['spool replay --directory . --timeout soon', '--timeout must be a number of seconds above 0, got "soon"'],
    ['doctor --base-url nowhere', 'baseUrl must be a URL, got "nowhere"'],
  ])('does not run as "%s", and says why', async (line, why) => {
    const { code, out, err } = await runCli(line.split(' ').filter(Boolean));
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(why);
    expect(err).toMatch(/\nSee langfuse-otel .*--help\n$/);
  });
});
