import { describe, expect, it } from 'vitest';
import { imbalanceOf } from '../../src/ledger/ledger.js';
import { overloadWorld } from '../support/overload-world.js';
import { fc } from '../support/seeded-check.js';

type World = ReturnType<typeof overloadWorld>;

/** Requests of a server that takes 200 spans a second: traces live longer than the memory for 20,000 of them at 100×. */
const SMALL_SENDER = { concurrency: 4, batch: 15, latencyMs: 300 };
const RECOVERY_MS = 60_000;

/** The load is over: how long until all traces are kept again, and everything that was kept is delivered. */
async function recover(world: World, spansPerSecond: number): Promise<number> {
  const start = world.clock.now();
  while (world.status().isUnderPressure && world.clock.now() - start <= RECOVERY_MS)
    await world.run(500, spansPerSecond);
  const recoveredMs = world.clock.now() - start;
  await world.run(30_000, 0);
  return recoveredMs;
}

function expectWholeTracesAndRightBooks(world: World): void {
  const ledger = world.ledger.read();
  expect(imbalanceOf(ledger)).toBeUndefined();
  expect({ torn: world.torn(), full: ledger.refused.queue_full, held: ledger.queued + ledger.inFlight }).toEqual({
    torn: 0,
    full: 0,
    held: 0,
  });
  expect(world.mostUsed()).toBeLessThanOrEqual(1);
}

/** Kept traces stand for the others: within 5 %, or four standard deviations where so few are kept that chance is more. */
function expectHonestWeights(world: World): void {
  let variance = 0;
  for (const { delivered, adjusted } of world.traces) variance += adjusted * (adjusted - delivered);
  const { ended } = world.ledger.read();
  expect(Math.abs(world.adjusted() - ended)).toBeLessThan(Math.max(0.05 * ended, 4 * Math.sqrt(variance)));
}

describe('a constant overload', () => {
  it.each([
    [5, 1_000, undefined],
    [20, 1_000, undefined],
    [100, 200, SMALL_SENDER],
  ])(
    'of %d times what can be sent costs whole traces, and no more of them than it must',
    async (times, perSecond, sender) => {
      const world = overloadWorld({ sender, seed: times });
      await world.run(5_000, perSecond / 2);
      expect(world.status()).toMatchObject({ isUnderPressure: false, samplingRate: 1 });
      await world.run(10_000, perSecond * times);
      const before = world.ledger.read().delivered;
      let [least, most] = [1, 0];
      for (let n = 0; n < 100; n++) {
        await world.run(500, perSecond * times);
        const { utilization } = world.status();
        [least, most] = [Math.min(least, utilization), Math.max(most, utilization)];
      }
      // It settles, and keeps the senders busy.
      expect(least).toBeGreaterThan(0.4);
      expect(most).toBeLessThan(0.85);
      expect(world.ledger.read().delivered - before).toBeGreaterThan(0.97 * 50 * perSecond);
      expect(await recover(world, perSecond / 2)).toBeLessThan(RECOVERY_MS);
      expectWholeTracesAndRightBooks(world);
      expectHonestWeights(world);
      expect(world.lines.filter((line) => line.includes('overload'))).toEqual([
        expect.stringContaining('warn: overload: '),
        'warn: overload is over: all traces are kept again',
      ]);
      expect(world.changes.at(0)).toMatchObject({ isUnderPressure: true });
      expect(world.changes.at(-1)).toMatchObject({ isUnderPressure: false, samplingRate: 1 });
    },
    120_000,
  );
});

describe('other shapes of load', () => {
  it('bursts that the senders can clear cost nothing', async () => {
    const world = overloadWorld();
    for (let n = 0; n < 5; n++) {
      await world.run(1_000, 6_000);
      await world.run(12_000, 200);
    }
    await world.run(30_000, 0);
    expectWholeTracesAndRightBooks(world);
    expect(world.ledger.read().sampledOut).toBe(0);
  });

  it('load that swings between nothing and twenty times too much never tears a trace', async () => {
    const world = overloadWorld({ seed: 3 });
    for (let n = 0; n < 6; n++) {
      await world.run(5_000, 20_000);
      await world.run(5_000, 0);
    }
    expect(await recover(world, 500)).toBeLessThan(RECOVERY_MS);
    expectWholeTracesAndRightBooks(world);
    expectHonestWeights(world);
  }, 60_000);

  it('an outage of half a minute without a disk costs whole traces', async () => {
    const world = overloadWorld({ seed: 4 });
    await world.run(10_000, 700);
    world.fail();
    await world.run(30_000, 700);
    expect(world.status().utilization).toBeGreaterThan(0.5);
    world.recover();
    expect(await recover(world, 500)).toBeLessThan(RECOVERY_MS);
    expectWholeTracesAndRightBooks(world);
    expectHonestWeights(world);
  }, 60_000);

  it('a server that hangs with all requests under way, each full, costs whole traces', async () => {
    const sender = { concurrency: 12, batch: 512, latencyMs: 300 };
    const world = overloadWorld({ seed: 10, maxSpans: 32_768, sender });
    await world.run(5_000, 5_000);
    world.hang();
    await world.run(15_000, 5_000);
    world.recover();
    expect(await recover(world, 5_000)).toBeLessThan(RECOVERY_MS);
    expectWholeTracesAndRightBooks(world);
    expectHonestWeights(world);
  }, 60_000);

  it('a disk that fills up in an outage takes fewer new traces, and in its last fifth none', async () => {
    let used = 0;
    const world = overloadWorld({ seed: 5, diskUtilization: () => used });
    await world.run(5_000, 500);
    used = 0.6;
    await world.run(3_000, 500);
    expect(world.status()).toMatchObject({ isUnderPressure: true });
    used = 0.8;
    await world.run(4_000, 500);
    const { sampledOut, ended } = world.ledger.read();
    await world.run(5_000, 500);
    const after = world.ledger.read();
    expect(after.sampledOut - sampledOut).toBe(after.ended - ended);
    used = 0.1;
    expect(await recover(world, 500)).toBeLessThan(RECOVERY_MS);
    expectWholeTracesAndRightBooks(world);
  }, 60_000);
});

describe('strategies and classes', () => {
  it("'reject' refuses new traces whole, tells onError, and ends when the load does", async () => {
    const world = overloadWorld({ options: { backpressure: { strategy: 'reject' } }, seed: 6 });
    await world.run(5_000, 5_000);
    expect(world.status()).toMatchObject({ isUnderPressure: true, samplingRate: 0 });
    expect(await recover(world, 300)).toBeLessThan(RECOVERY_MS);
    const ledger = world.ledger.read();
    expect(imbalanceOf(ledger)).toBeUndefined();
    expect(ledger.refused.backpressure).toBeGreaterThan(1_000);
    expect(ledger.sampledOut).toBe(0);
    expect(world.errors.at(0)).toMatchObject({ code: 'BACKPRESSURE_ERROR' });
  }, 60_000);

  it("'off' only says so, and refuses the newest span when all is full", async () => {
    const world = overloadWorld({ options: { backpressure: { strategy: 'off' } }, seed: 7 });
    await world.run(5_000, 5_000);
    expect(world.status()).toMatchObject({ isUnderPressure: true, samplingRate: 1 });
    expect(world.ledger.read()).toMatchObject({ sampledOut: 0 });
    expect(world.ledger.read().refused.queue_full).toBeGreaterThan(1_000);
    await world.run(30_000, 0);
  });

  it('protected traces are all kept while the others are shed', async () => {
    const world = overloadWorld({ options: { backpressure: { protect: ({ name }) => name === 'vip' } }, seed: 8 });
    await world.run(30_000, 10_000);
    await recover(world, 500);
    expectWholeTracesAndRightBooks(world);
    const vips = world.traces.filter(({ isProtected, offered }) => isProtected && offered > 0);
    expect(vips.length).toBeGreaterThan(300);
    expect(vips.filter(({ offered, delivered }) => delivered < offered)).toEqual([]);
  }, 60_000);

  it('errors that are rescued come alone, and the sums stay right', async () => {
    const world = overloadWorld({ options: { backpressure: { rescueErrors: true } }, seed: 9 });
    await world.run(20_000, 10_000);
    await recover(world, 500);
    expectWholeTracesAndRightBooks(world);
    expectHonestWeights(world);
    expect(world.rescued()).toBeGreaterThan(500);
  }, 60_000);
});

describe('whatever the load is', () => {
  it('no trace is torn while anything can be given up, memory keeps its bounds, and the books balance', async () => {
    const phase = fc.record({
      ms: fc.integer({ min: 1, max: 6 }).map((n) => n * 500),
      perSecond: fc.integer({ min: 0, max: 8_000 }),
      isDown: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(phase, { minLength: 1, maxLength: 6 }), fc.nat(), async (phases, seed) => {
        const world = overloadWorld({ seed, maxSpans: 2_000 });
        for (const { ms, perSecond, isDown } of phases) {
          if (isDown) world.fail();
          else world.recover();
          await world.run(ms, perSecond);
          expect(imbalanceOf(world.ledger.read())).toBeUndefined();
          expect(world.status().utilization).toBeLessThanOrEqual(1);
        }
        world.recover();
        expect(await recover(world, 300)).toBeLessThan(RECOVERY_MS);
        const ledger = world.ledger.read();
        expect(ledger.queued + ledger.inFlight).toBe(0);
        if (ledger.refused.queue_full === 0) expect(world.torn()).toBe(0);
        if (ledger.sampledOut === 0) expect(world.adjusted()).toBe(ledger.delivered);
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});
