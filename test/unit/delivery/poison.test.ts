import { describe, expect, it } from 'vitest';
import { LangfuseError } from '../../../src/errors.js';
import { imbalanceOf } from '../../../src/ledger/ledger.js';
import { DEFAULTS } from '../../../src/options/defaults.js';
import type { Outcome } from '../../../src/outcome.js';
import type { ObservationRecord } from '../../../src/record.js';
import { ACCEPTED, BROKEN, deliveryWorld } from '../../support/delivery-world.js';
import { spanId } from '../../support/observations.js';
import { Random } from '../../support/random.js';
import { SEED } from '../../support/seed.js';
import { fc } from '../../support/seeded-check.js';

const QUICK = { initialMs: 500, maxMs: 30_000 };

/** A server that fails at requests with these records in them, and at all while it is down. */
function failingAt(poisoned: readonly number[], isDown: () => boolean = () => false) {
  const ids = new Set(poisoned.map(spanId));
  const sent: (readonly string[])[] = [];
  const send = async (_: unknown, records: readonly ObservationRecord[]): Promise<Outcome> => {
    sent.push(records.map((record) => record.spanId));
    return isDown() || records.some((record) => ids.has(record.spanId)) ? BROKEN : ACCEPTED;
  };
  return { send, sent };
}

describe.each([100, 512])('one record among 500 that the server fails at for ever, at %i a batch', (flushAt) => {
  it('ends as rejected, the others are delivered, and the circuit is closed', async () => {
    const { send, sent } = failingAt([250]);
    const world = deliveryWorld(send, { flushAt, concurrency: 4, ...QUICK, isHealthy: true });
    world.append(500);
    await world.clock.advance(90_000);
    expect(world.ledger.read()).toMatchObject({ delivered: 499, rejected: 1, queued: 0, inFlight: 0 });
    expect(world.breaker.state).toBe('closed');
    expect(sent.length).toBeLessThan(60);
    const rejections = world.lines.filter((line) => line.includes('for good'));
    expect(rejections).toEqual([expect.stringMatching(new RegExp(`span ${spanId(250)} .*broken.*shouldExportSpan`))]);
  });

  it('is not looked for while the server is down, and nothing is rejected before it is back', async () => {
    let isDown = true;
    const { send, sent } = failingAt([250], () => isDown);
    const world = deliveryWorld(send, { flushAt, concurrency: 4, ...QUICK, openMs: 2_000, isHealthy: true });
    world.append(500);
    await world.clock.advance(20_000);
    expect(world.ledger.read()).toMatchObject({ delivered: 0, rejected: 0 });
    // Batches as they were made, and probes: nothing was halved.
    for (const ids of sent) expect(ids.length === flushAt || ids.length === 500 || ids.length <= 10).toBe(true);
    isDown = false;
    await world.clock.advance(120_000);
    expect(world.ledger.read()).toMatchObject({ delivered: 499, rejected: 1, queued: 0, inFlight: 0 });
    expect(world.breaker.state).toBe('closed');
  });
});

describe('a record that fails alone', () => {
  it('opens no circuit for the others', async () => {
    const { send } = failingAt([5]);
    const world = deliveryWorld(send, { flushAt: 10, concurrency: 2, ...QUICK });
    for (let second = 0; second < 60; second++) {
      world.append(10);
      await world.clock.advance(1_000);
    }
    expect(world.ledger.read()).toMatchObject({ delivered: 599, rejected: 1 });
    expect(world.changes).toEqual([]);
  });

  it('and is all there is, is rejected after half a minute in which the server says that it is well', async () => {
    const { send } = failingAt([1]);
    const world = deliveryWorld(send, { ...QUICK, openMs: 2_000, isHealthy: true });
    world.append(1);
    await world.clock.advance(29_000);
    expect(world.ledger.read()).toMatchObject({ rejected: 0 });
    await world.clock.advance(20_000);
    expect(world.ledger.read()).toMatchObject({ rejected: 1, inFlight: 0, queued: 0 });
  });

  it('and is all there is, is kept while the server does not say so', async () => {
    const { send } = failingAt([1]);
    const world = deliveryWorld(send, { ...QUICK, openMs: 2_000, isHealthy: false });
    world.append(1);
    await world.clock.advance(200_000);
    expect(world.ledger.read()).toMatchObject({ rejected: 0 });
  });

  it.each([2, 3, 10])('with %i records in all is found, although nothing else is there', async (count) => {
    const { send } = failingAt([1]);
    const world = deliveryWorld(send, { ...QUICK, openMs: 2_000, isHealthy: true });
    world.append(count);
    await world.clock.advance(120_000);
    expect(world.ledger.read()).toMatchObject({ delivered: count - 1, rejected: 1, queued: 0, inFlight: 0 });
  });

  it('is rejected as well when the answer names it, beside others that were taken', async () => {
    const send = async (_: unknown, records: readonly ObservationRecord[]): Promise<Outcome> => {
      const position = records.findIndex((record) => record.spanId === spanId(4));
      if (position === -1) return ACCEPTED;
      return {
        kind: 'partial',
        rejected: new Map(),
        retry: new Set([position]),
        failed: new Map([[position, { status: 500, message: 'Internal Server Error' }]]),
        traceEventRejections: [],
        cause: new LangfuseError('API_ERROR', 'the server refused an event with 500', { status: 500 }),
      };
    };
    const world = deliveryWorld(send, { ...QUICK, isHealthy: true });
    world.append(10);
    await world.clock.advance(60_000);
    expect(world.ledger.read()).toMatchObject({ delivered: 9, rejected: 1, queued: 0, inFlight: 0 });
    expect(world.changes).toEqual([]);
    expect(world.lines.at(-1)).toMatch(new RegExp(`span ${spanId(4)} .*Internal Server Error.*shouldExportSpan`));
  });
});

describe('by the defaults, one record that the server fails at', () => {
  const defaults = {
    circuit: DEFAULTS.circuitBreaker,
    initialMs: DEFAULTS.retry.initialMs,
    maxMs: DEFAULTS.retry.maxMs,
    flushAt: 512,
    concurrency: 4,
    isHealthy: true,
  };

  it.each([2, 3, 5, 10, 12, 25, 50])(
    'among %i is rejected within a minute, and the others are delivered',
    async (count) => {
      for (const bad of [1, Math.ceil(count / 2), count]) {
        const { send, sent } = failingAt([bad]);
        const world = deliveryWorld(send, defaults);
        world.append(count);
        await world.clock.advance(60_000);
        expect(world.ledger.read()).toMatchObject({ delivered: count - 1, rejected: 1, queued: 0, inFlight: 0 });
        // One other may be too few to close it; whatever comes next is sent at once.
        expect(world.breaker.waitMs).toBe(0);
        expect(sent.length).toBeLessThan(40);
      }
    },
  );

  it.each([2, 10, 30, 60])(
    'is rejected, and holds up no others for long, with one of them every %i s',
    async (every) => {
      const bad = spanId(3);
      const endedAt = new Map<string, number>();
      const waits: number[] = [];
      const world = deliveryWorld(async (_, records) => {
        if (records.some((record) => record.spanId === bad)) return BROKEN;
        for (const record of records) waits.push(world.clock.now() - (endedAt.get(record.spanId) ?? 0));
        return ACCEPTED;
      }, defaults);
      const end = (count: number): void => {
        for (let n = 0; n < count; n++) endedAt.set(spanId(endedAt.size + 1), world.clock.now());
        world.append(count);
      };
      end(5);
      for (let second = 1; second <= 600; second++) {
        if (second % every === 0) end(1);
        await world.clock.advance(1_000);
        if (second === 120) expect(world.ledger.read()).toMatchObject({ rejected: 1 });
      }
      expect(world.ledger.read()).toMatchObject({ delivered: 4 + 600 / every, rejected: 1 });
      expect(Math.max(...waits)).toBeLessThan(30_000);
      expect(world.breaker.state).toBe('closed');
    },
  );

  it.each([
    [1, 'no latency', true],
    [4, 'no latency', true],
    [1, 'some latency, and no word of its health', false],
    [4, 'some latency, and no word of its health', false],
  ] as const)(
    'is no trouble for the others where every 30th of ten a second is one, by %i requests at a time (%s)',
    async (concurrency, _, isQuick) => {
      const random = new Random(SEED);
      const server = isQuick ? {} : { isHealthy: false, random: () => random.next() };
      const endedAt = new Map<string, number>();
      let longestMs = 0;
      let rejected = 0;
      const world = deliveryWorld(
        async (_, records) => {
          if (!isQuick) await new Promise<void>((answer) => void world.clock.after(50, answer));
          if (records.some(({ spanId: id }) => Number.parseInt(id, 16) % 30 === 0)) return BROKEN;
          for (const { spanId: id } of records)
            longestMs = Math.max(longestMs, world.clock.now() - (endedAt.get(id) ?? 0));
          return ACCEPTED;
        },
        { ...defaults, concurrency, ...server },
      );
      for (let second = 0; second < 300; second++) {
        for (let n = 0; n < 10; n++) endedAt.set(spanId(endedAt.size + 1), world.clock.now());
        world.append(10);
        await world.clock.advance(1_000);
        rejected = world.ledger.read().rejected;
      }
      expect(rejected).toBeGreaterThan(isQuick ? 90 : 60);
      expect(longestMs).toBeLessThan(isQuick ? 10_000 : 20_000);
      if (isQuick) expect(world.changes).toEqual([]);
    },
  );

  it('is not found while the server is down, however long: requests stay rare, and nothing is rejected', async () => {
    const { send, sent } = failingAt([], () => true);
    const world = deliveryWorld(send, { ...defaults, isHealthy: false });
    world.append(25);
    await world.clock.advance(290_000);
    expect(world.ledger.read()).toMatchObject({ rejected: 0, delivered: 0 });
    expect(sent.length).toBeLessThan(30);
  });
});

describe('records that the server fails at, wherever they are', () => {
  it('are the only ones rejected', async () => {
    const poisoned = fc.uniqueArray(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        poisoned,
        fc.constantFrom(20, 50, 200),
        fc.integer({ min: 1, max: 4 }),
        async (ids, flushAt, concurrency) => {
          const { send } = failingAt(ids);
          const world = deliveryWorld(send, { flushAt, concurrency, ...QUICK, openMs: 2_000, isHealthy: true });
          world.append(120);
          await world.clock.advance(600_000);
          const ledger = world.ledger.read();
          expect(imbalanceOf(ledger)).toBeUndefined();
          expect(ledger).toMatchObject({ delivered: 120 - ids.length, rejected: ids.length, queued: 0, inFlight: 0 });
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});
