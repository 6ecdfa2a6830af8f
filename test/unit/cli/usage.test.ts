import { describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/main.js';
import { SDK_VERSION } from '../../../src/http/identity.js';
import { recordingTerminal } from '../../support/recording-terminal.js';

const COMMANDS = ['doctor', 'spool list', 'spool replay', 'spool inspect', 'spool purge'];

async function run(line: string): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const terminal = recordingTerminal();
  const code = await main(line.split(' ').filter(Boolean), terminal);
  return { code, out: terminal.outLines.join('\n'), err: terminal.errLines.join('\n') };
}

describe('the command line', () => {
  it('says what there is', async () => {
    const { code, out, err } = await run('--help');
    expect([code, err]).toEqual([0, '']);
    for (const command of COMMANDS) expect(out).toContain(`langfuse-otel ${command} `);
    expect((await run('spool --help')).out).not.toContain('langfuse-otel doctor');
    expect(await run('--version')).toEqual({ code: 0, out: SDK_VERSION, err: '' });
  });

  it.each(COMMANDS)('shows how to call %s, with examples', async (command) => {
    const { code, out } = await run(`${command} --help`);
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
    ['spool inspect one two', 'spool inspect does not take the argument "two"'],
    ['spool list', 'no directory given; give --directory <path> or set LANGFUSE_PERSISTENCE_DIRECTORY'],
    ['spool list --directory', "Option '--directory <value>' argument missing"],
    ['spool replay --directory .', 'keys are needed; set LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY'],
    ['spool replay --directory . --timeout soon', '--timeout must be a number of seconds above 0, got "soon"'],
    ['doctor --base-url nowhere', 'baseUrl must be a URL, got "nowhere"'],
  ])('does not run "%s", and says why', async (line, why) => {
    const { code, out, err } = await run(line);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(why);
    expect(err).toMatch(/\nSee langfuse-otel .*--help$/);
  });
});
