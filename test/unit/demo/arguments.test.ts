import { describe, expect, it } from 'vitest';
import { parseDemoArguments } from '../../../examples/demo/arguments.js';

describe('the arguments of the demo', () => {
  it.each([
    [[], { server: 'v4', isServerGiven: false }],
    [['--server', 'v3'], { server: 'v3', isServerGiven: true }],
    [['--server=v4'], { server: 'v4', isServerGiven: true }],
  ])('choose the server: %j', (argv, choice) => {
    expect(parseDemoArguments(argv)).toEqual({ kind: 'run', ...choice });
  });

  it('ask for help, whatever else they say', () => {
    expect(parseDemoArguments(['--server', 'v9', '--help'])).toEqual({ kind: 'help' });
  });

  it.each([
    [['--server', 'v5'], '--server must be v3 or v4, got "v5"'],
    [['--server'], 'argument missing'],
    [['--sever', 'v3'], "Unknown option '--sever'"],
    [['v3'], "Unexpected argument 'v3'"],
  ])('are refused with an explanation: %j', (argv, message) => {
    expect(parseDemoArguments(argv)).toEqual({ kind: 'mistake', message: expect.stringContaining(message) });
  });
});
