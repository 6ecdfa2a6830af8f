import { describe, expect, it } from 'vitest';
import { Gate } from '../../../src/delivery/gate.js';
import { LangfuseError } from '../../../src/errors.js';
import { ManualClock } from '../../support/manual-clock.js';

const down = new LangfuseError('NETWORK_ERROR', 'no connection');
const wrongKey = new LangfuseError('AUTH_ERROR', 'wrong key', { status: 401 });

function gate(random: () => number = () => 1) {
  const clock = new ManualClock();
  return { clock, gate: new Gate({ initialMs: 500, maxMs: 30_000 }, clock, random) };
}

describe('the gate', () => {
  it('lets everything through until something fails', () => {
    const { gate: open } = gate();
    expect([open.state, open.waitMs, open.limit(4)]).toEqual(['open', 0, 4]);
  });

  it('waits twice as long after each failure, up to the most, and lets one request try', async () => {
    const { gate: waiting, clock } = gate();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 9; attempt++) {
      waiting.fail(down, undefined);
      waits.push(waiting.waitMs);
      await clock.advance(waiting.waitMs);
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(waiting.limit(4)).toBe(1);
  });

  it('takes failures of requests that were under way together for one', () => {
    const { gate: waiting } = gate();
    for (let request = 0; request < 4; request++) waiting.fail(down, undefined);
    expect(waiting.waitMs).toBe(500);
  });

  it('waits anything below the ceiling, so that a fleet does not come back in step', () => {
    const { gate: waiting } = gate(() => 0.25);
    waiting.fail(down, undefined);
    expect(waiting.waitMs).toBe(125);
  });

  it('never waits less than the server asked for', () => {
    const { gate: waiting } = gate(() => 0);
    waiting.fail(down, 7_000);
    waiting.fail(down, undefined);
    expect(waiting.waitMs).toBe(7_000);
  });

  it('holds for half a minute first and a quarter of an hour at most when a person is needed', async () => {
    const { gate: holding, clock } = gate();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 7; attempt++) {
      holding.hold(wrongKey);
      waits.push(holding.waitMs / 1_000);
      await clock.advance(holding.waitMs);
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900]);
  });

  it('can be hurried while it waits, but not while it holds', () => {
    const { gate: waiting } = gate();
    waiting.fail(down, undefined);
    waiting.hurry();
    expect(waiting.waitMs).toBe(0);
    waiting.hold(wrongKey);
    waiting.hurry();
    expect(waiting.waitMs).toBe(30_000);
  });

  it('says that an outage is over once', () => {
    const { gate: waiting } = gate();
    waiting.fail(down, undefined);
    expect([waiting.succeed(), waiting.succeed(), waiting.cause]).toEqual([true, false, undefined]);
  });

  it('does not care when the wall clock jumps', () => {
    const { gate: waiting, clock } = gate();
    waiting.fail(down, undefined);
    clock.jumpWall(-86_400_000);
    expect(waiting.waitMs).toBe(500);
  });
});
