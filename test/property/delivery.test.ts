import { describe, expect, it } from 'vitest';
import { LangfuseError } from '../../src/errors.js';
import { imbalanceOf, sumOf } from '../../src/ledger/ledger.js';
import type { Outcome } from '../../src/outcome.js';
import { ACCEPTED, BROKEN, deliveryWorld } from '../support/delivery-world.js';
import { fc } from '../support/seeded-check.js';

const error = (status: number): LangfuseError => new LangfuseError('API_ERROR', 'no', { status });

/** One of everything a request can come to; `throws` is a mistake of our own. */
const outcome: fc.Arbitrary<Outcome | 'throws'> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(ACCEPTED) },
  { weight: 3, arbitrary: fc.constant(BROKEN) },
  fc.constant<Outcome>({ ...BROKEN, mayHaveArrived: true }),
  fc.integer({ min: 0, max: 120_000 }).map((afterMs): Outcome => ({ ...BROKEN, afterMs })),
  fc.constant<Outcome>({ kind: 'refused', cause: error(400) }),
  fc.constant<Outcome>({ kind: 'too_large', cause: error(413) }),
  fc.constant<Outcome>({ kind: 'hold', cause: error(401) }),
  fc.constant<Outcome>({ kind: 'wrong_protocol', cause: error(404) }),
  fc.nat(9).map(
    (position): Outcome => ({
      kind: 'partial',
      rejected: new Map([[position, { status: 400, message: 'bad' }]]),
      retry: new Set([(position + 1) % 10]),
      traceEventRejections: [],
      cause: error(500),
    }),
  ),
  fc.constant('throws' as const),
);

describe('delivery, whatever the server does', () => {
  it('never sends before its time, probes with one request, keeps its books, and comes to an end once all is well', async () => {
    const answers = fc.array(fc.tuple(outcome, fc.integer({ min: 0, max: 3_000 })), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(answers, fc.integer({ min: 1, max: 4 }), async (script, concurrency) => {
        const left = [...script];
        let underWay = 0;
        let mostProbes = 0;
        const world = deliveryWorld(
          async () => {
            underWay++;
            if (world.breaker.state === 'half-open') mostProbes = Math.max(mostProbes, probesUnderWay(world));
            const [next, ms] = left.shift() ?? [ACCEPTED, 1];
            await new Promise<void>((resolve) => world.clock.after(ms, resolve));
            underWay--;
            if (next === 'throws') throw new TypeError('a mistake');
            return next;
          },
          { concurrency, openMs: 5_000 },
        );
        for (let n = 0; n < 5; n++) {
          world.append(15);
          await world.clock.advance(2_000);
          expect(imbalanceOf(world.ledger.read())).toBeUndefined();
        }
        // Holds grow to a quarter of an hour, and every answer of the script may cause one.
        for (let hour = 0; hour < 20 && left.length > 0; hour++) await world.clock.advance(3_600_000);
        await world.clock.advance(3_600_000);
        const ledger = world.ledger.read();
        expect(imbalanceOf(ledger)).toBeUndefined();
        expect([ledger.queued, ledger.inFlight, underWay]).toEqual([0, 0, 0]);
        expect(ledger.delivered + ledger.rejected + sumOf(ledger.dropped)).toBe(75);
        for (const [n, { at, waitMs }] of world.changes.entries()) {
          const next = world.changes[n + 1];
          if (next?.state === 'half-open') expect(next.at).toBeGreaterThanOrEqual(at + waitMs);
        }
        expect(mostProbes).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});

describe('the circuit, whatever the data are', () => {
  const dataOutcome = fc.constantFrom<Outcome>(
    ACCEPTED,
    { kind: 'refused', cause: error(400) },
    { kind: 'refused', cause: error(422) },
    { kind: 'too_large', cause: error(413) },
    {
      kind: 'partial',
      rejected: new Map([[0, { status: 400, message: 'bad' }]]),
      retry: new Set(),
      traceEventRejections: [],
      cause: error(400),
    },
  );

  it('stays closed: an answer about the data comes from a server that works', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(dataOutcome, { minLength: 5, maxLength: 200 }), async (script) => {
        const left = [...script];
        const world = deliveryWorld(async () => left.shift() ?? ACCEPTED, { concurrency: 3 });
        world.append(100);
        await world.clock.advance(60_000);
        expect(world.changes).toEqual([]);
        expect(world.breaker.status()).toMatchObject({ state: 'closed', failures: 0 });
        expect(world.ledger.read()).toMatchObject({ queued: 0, inFlight: 0 });
      }),
    );
  });
});

describe('the wall clock', () => {
  it('may jump as it likes: every request goes at the same moment as without', async () => {
    const answers = fc.array(fc.tuple(outcome, fc.integer({ min: 0, max: 3_000 })), { maxLength: 40 });
    const jumps = fc.array(fc.integer({ min: -1e10, max: 1e10 }), { minLength: 10, maxLength: 10 });
    const run = async (script: readonly (readonly [Outcome | 'throws', number])[], by: readonly number[]) => {
      const left = [...script];
      const sentAt: number[] = [];
      const world = deliveryWorld(
        async () => {
          sentAt.push(world.clock.now());
          const [next, ms] = left.shift() ?? [ACCEPTED, 1];
          await new Promise<void>((resolve) => world.clock.after(ms, resolve));
          if (next === 'throws') throw new TypeError('a mistake');
          return next;
        },
        { concurrency: 2, openMs: 5_000 },
      );
      world.append(75);
      for (const jump of by) {
        world.clock.jumpWall(jump);
        await world.clock.advance(30_000);
      }
      return { sentAt, ledger: world.ledger.read() };
    };
    const still = Array<number>(10).fill(0);
    await fc.assert(
      fc.asyncProperty(answers, jumps, async (script, by) => {
        expect(await run(script, by)).toEqual(await run(script, still));
      }),
    );
  }, 60_000);
});

/** The circuit gives no second leave while a probe is under way. */
function probesUnderWay({ breaker }: ReturnType<typeof deliveryWorld>): number {
  const permit = breaker.permit();
  if (permit === undefined) return 1;
  breaker.cancel(permit);
  return 2;
}
