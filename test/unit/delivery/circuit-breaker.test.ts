import { describe, expect, it } from 'vitest';
import { CircuitBreaker, type Permit } from '../../../src/delivery/circuit-breaker.js';
import type { CircuitBreakerStatus } from '../../../src/health.js';
import { ManualClock } from '../../support/manual-clock.js';
import { fc } from '../../support/seeded-check.js';

const OPTIONS = { failureThreshold: 3, successThreshold: 2, openMs: { initial: 1_000, max: 8_000 } };

function circuit(random: () => number = () => 1) {
  const clock = new ManualClock();
  const changes: CircuitBreakerStatus[] = [];
  const breaker = new CircuitBreaker(OPTIONS, clock, (status) => changes.push(status), random);
  const permit = (): Permit => {
    const given = breaker.permit();
    if (given === undefined) throw new Error('no permit');
    return given;
  };
  const failTimes = (times: number) => {
    for (let n = 0; n < times; n++) breaker.fail(permit());
  };
  return { clock, changes, breaker, permit, failTimes };
}

describe('the circuit', () => {
  it('is closed at first and lets any number of requests go', () => {
    const { breaker } = circuit();
    expect(Array.from({ length: 20 }, () => breaker.permit()?.isProbe)).toEqual(Array(20).fill(false));
    expect(breaker.status()).toEqual({
      state: 'closed',
      failures: 0,
      lastFailure: undefined,
      openUntil: undefined,
      reason: undefined,
    });
  });

  it('opens after so many failures in a row, and a success between starts the count again', () => {
    const { breaker, failTimes, permit } = circuit();
    failTimes(2);
    breaker.succeed(permit());
    failTimes(2);
    expect(breaker.state).toBe('closed');
    failTimes(1);
    expect([breaker.state, breaker.reason, breaker.permit()]).toEqual(['open', 'failures', undefined]);
  });

  it('opens when half of the last requests failed, though never so many in a row', () => {
    const { breaker, permit } = circuit();
    for (let n = 0; n < 5; n++) {
      breaker.succeed(permit());
      breaker.fail(permit());
    }
    expect(breaker.state).toBe('open');
  });

  it('does not open for failures that are spread over minutes', async () => {
    const { breaker, permit, clock } = circuit();
    for (let n = 0; n < 20; n++) {
      breaker.succeed(permit());
      breaker.fail(permit());
      await clock.advance(20_000);
    }
    expect(breaker.state).toBe('closed');
  });

  it('lets one probe go when the time is over, and closes after enough of them in a row', async () => {
    const { breaker, failTimes, permit, clock } = circuit();
    failTimes(3);
    await clock.advance(999);
    expect(breaker.permit()).toBeUndefined();
    await clock.advance(1);
    const probe = permit();
    expect([probe.isProbe, breaker.state, breaker.permit()]).toEqual([true, 'half-open', undefined]);
    expect(breaker.succeed(probe)).toBe(false);
    expect(breaker.succeed(permit())).toBe(true);
    expect(breaker.state).toBe('closed');
  });

  it('opens for longer each time a probe fails, up to the most, and forgets after a good minute', async () => {
    const { breaker, failTimes, permit, clock } = circuit();
    const waits: number[] = [];
    failTimes(3);
    for (let n = 0; n < 5; n++) {
      waits.push(breaker.waitMs);
      await clock.advance(breaker.waitMs);
      breaker.fail(permit());
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 8_000]);
    await clock.advance(breaker.waitMs);
    breaker.succeed(permit());
    breaker.succeed(permit());
    await clock.advance(60_000);
    failTimes(3);
    expect(breaker.waitMs).toBe(1_000);
  });

  it('waits at least half of its time and the rest at random', () => {
    const { breaker, failTimes } = circuit(() => 0);
    failTimes(3);
    expect(breaker.waitMs).toBe(500);
  });

  it('opens for as long as the server asks, at once, and never for less', async () => {
    const { breaker, permit, clock } = circuit(() => 0);
    const [first, second] = [permit(), permit()];
    breaker.throttle(first, 20_000);
    breaker.throttle(second, 5_000);
    expect([breaker.reason, breaker.waitMs]).toEqual(['throttle', 20_000]);
    await clock.advance(20_000);
    breaker.fail(permit());
    expect(breaker.waitMs).toBe(500);
  });

  it('holds slowly for what a person has to mend, longer each time, until it works', async () => {
    const { breaker, permit, clock } = circuit();
    const waits: number[] = [];
    for (let n = 0; n < 7; n++) {
      breaker.hold(permit());
      waits.push(breaker.waitMs / 1_000);
      await clock.advance(breaker.waitMs);
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900]);
    breaker.succeed(permit());
    breaker.succeed(permit());
    breaker.hold(permit());
    expect([breaker.state, breaker.reason, breaker.waitMs]).toEqual(['hold', 'refused', 30_000]);
  });

  it('is not moved by results of requests from before its last change', async () => {
    const { breaker, permit, clock, failTimes } = circuit();
    const early = [permit(), permit(), permit()];
    failTimes(3);
    await clock.advance(1_000);
    const probe = permit();
    for (const late of early) breaker.fail(late);
    breaker.hold(early[0] ?? probe);
    expect(breaker.state).toBe('half-open');
    breaker.succeed(probe);
    for (const late of early) breaker.succeed(late);
    expect(breaker.state).toBe('half-open');
    breaker.succeed(permit());
    expect(breaker.state).toBe('closed');
  });

  it('frees the place of a probe that was given up', async () => {
    const { breaker, permit, clock, failTimes } = circuit();
    failTimes(3);
    await clock.advance(1_000);
    breaker.cancel(permit());
    expect(breaker.permit()?.isProbe).toBe(true);
  });

  it('can be hurried out of a wait for failures, not out of one the server asked for, nor out of a hold', () => {
    const { breaker, permit, failTimes } = circuit();
    failTimes(3);
    breaker.hurry();
    expect(breaker.waitMs).toBe(0);
    breaker.throttle(permit(), 9_000);
    breaker.hurry();
    expect(breaker.waitMs).toBe(9_900);
  });

  it('can be reset from any state', () => {
    const { breaker, permit, failTimes } = circuit();
    failTimes(3);
    breaker.reset();
    expect([breaker.state, breaker.status().failures]).toEqual(['closed', 0]);
    breaker.hold(permit());
    breaker.reset();
    expect(breaker.permit()?.isProbe).toBe(false);
  });

  it('tells each change once, with the time until it stays shut', async () => {
    const { changes, permit, clock, failTimes, breaker } = circuit();
    failTimes(3);
    await clock.advance(1_000);
    breaker.succeed(permit());
    breaker.succeed(permit());
    expect(changes.map(({ state }) => state)).toEqual(['open', 'half-open', 'closed']);
    expect(changes[0]).toMatchObject({
      reason: 'failures',
      failures: 3,
      openUntil: expect.stringMatching(/Z$/),
      lastFailure: expect.stringMatching(/Z$/),
    });
  });

  it('never has two probes under way, never lets a request go before its time, and does not care about the wall clock', async () => {
    type World = ReturnType<typeof circuit> & { readonly underWay: Permit[] };
    type Step = (world: World) => void | Promise<void>;
    const ask: Step = ({ breaker, underWay }) => {
      const { waitMs } = breaker;
      const permit = breaker.permit();
      if (permit === undefined) return;
      expect(waitMs).toBe(0);
      underWay.push(permit);
    };
    const jump =
      (by: number): Step =>
      ({ breaker, clock }) => {
        const { waitMs } = breaker;
        clock.jumpWall(by);
        expect(breaker.waitMs).toBe(waitMs);
      };
    const result =
      (which: number, act: (breaker: CircuitBreaker, permit: Permit) => void): Step =>
      ({ breaker, underWay }) => {
        const [permit] = underWay.splice(which % Math.max(1, underWay.length), 1);
        if (permit) act(breaker, permit);
      };
    const results = fc.constantFrom<(breaker: CircuitBreaker, permit: Permit) => void>(
      (breaker, permit) => breaker.succeed(permit),
      (breaker, permit) => breaker.fail(permit),
      (breaker, permit) => breaker.hold(permit),
      (breaker, permit) => breaker.cancel(permit),
      (breaker, permit) => breaker.throttle(permit, 5_000),
    );
    const step = fc.oneof(
      fc.constant(ask),
      fc.constant<Step>(({ breaker }) => breaker.hurry()),
      fc.integer({ min: 0, max: 20_000 }).map(
        (by): Step =>
          ({ clock }) =>
            clock.advance(by),
      ),
      fc.integer({ min: -1e9, max: 1e9 }).map(jump),
      fc.tuple(fc.nat(99), results).map(([which, act]) => result(which, act)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const world: World = { ...circuit(() => 0.5), underWay: [] };
        for (const act of steps) {
          await act(world);
          const probes = world.underWay.filter(({ isProbe }) => isProbe).map(({ generation }) => generation);
          expect(new Set(probes).size).toBe(probes.length);
        }
      }),
    );
  });
});
