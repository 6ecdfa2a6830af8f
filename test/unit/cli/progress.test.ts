import { describe, expect, it } from 'vitest';
import { Progress } from '../../../src/cli/spool/progress.js';
import { ManualClock } from '../../support/manual-clock.js';
import { recordingTerminal } from '../../support/recording-terminal.js';

describe('progress', () => {
  it('is a bar on a terminal, drawn again only when it says something new', () => {
    const terminal = recordingTerminal({}, 120);
    const progress = new Progress(terminal, new ManualClock());
    progress.show(0, 1200, undefined);
    progress.show(600, 1200, undefined);
    progress.show(600, 1200, undefined);
    progress.show(1200, 1200, undefined);
    progress.end();
    expect(terminal.drawn).toEqual([
      '[------------------------------]   0 %  0 of 1,200 records',
      '[###############---------------]  50 %  600 of 1,200 records',
      '[##############################] 100 %  1,200 of 1,200 records',
    ]);
    expect(terminal.errLines).toEqual(['']);
  });

  it('fits a narrow terminal: a bar that wraps cannot be drawn over', () => {
    const terminal = recordingTerminal({}, 40);
    new Progress(terminal, new ManualClock()).show(1, 2, 'the server cannot be reached');
    expect(terminal.drawn).toEqual(['[###############---------------]  50 % ']);
  });

  it('is a line now and then elsewhere, with why it does not go on', async () => {
    const terminal = recordingTerminal();
    const clock = new ManualClock();
    const progress = new Progress(terminal, clock);
    progress.show(0, 3, undefined);
    progress.show(1, 3, undefined);
    await clock.advance(1_000);
    progress.show(2, 3, 'the server cannot be reached');
    await clock.advance(1_000);
    progress.show(2, 3, 'the server cannot be reached');
    progress.end();
    expect(terminal.errLines).toEqual(['0 of 3 records', '2 of 3 records; the server cannot be reached']);
    expect(terminal.drawn).toEqual([]);
  });
});
