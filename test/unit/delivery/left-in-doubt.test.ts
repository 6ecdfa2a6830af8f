import { describe, expect, it } from 'vitest';
import { imbalanceOf } from '../../../src/ledger/ledger.js';
import { lostAnswersWorld, rows } from '../../support/lost-answers-world.js';
import { ManualClock } from '../../support/manual-clock.js';
import { spanId } from '../../support/observations.js';

const [A, B] = ['a'.repeat(32), 'b'.repeat(32)];
/** Traces of their own. */
const trace = (n: number): string => n.toString(16).padStart(32, 'd');
/** Under way when their process ended, just now or long ago. */
const NOW = { leftForMs: 0 };
const LONG_AGO = { leftForMs: 60_000 };
const START = new ManualClock().now();
const REFUSED = { status: 403, headers: {}, text: '{}' };
/** Since the clock's first moment. */
const times = (at: readonly number[]): number[] => at.map((ms) => ms - START);
const askedAt = ({ server }: ReturnType<typeof lostAnswersWorld>): number[] => times(server.asked.map(({ at }) => at));

describe('spans that were under way when their process ended', () => {
  it('are each looked for, trace by trace, and only what is not there is sent', async () => {
    const world = lostAnswersWorld({ requests: [] });
    const { append, clock, ledger, counters, server, sentAt } = world;
    // Of the first trace one is there, of the second none.
    server.stored.push(spanId(1));
    append(2, { ...NOW, traceId: A });
    append(1, { ...NOW, traceId: B });
    await clock.advance(60_000);
    expect(ledger.read()).toMatchObject({ delivered: 3, inFlight: 0, queued: 0 });
    expect(server.stored.toSorted()).toEqual([1, 2, 3].map(spanId));
    expect(sentAt).toHaveLength(1);
    expect(counters.read().lookups).toEqual({ found: 0, missing: 2, unverified: 0 });
  });

  it('are asked for at once, and once more when what arrived has had all the time to show', async () => {
    const world = lostAnswersWorld({ requests: [] });
    world.server.stored.push(spanId(9));
    world.append(1, { leftForMs: 4_000, traceId: A });
    await world.clock.advance(60_000);
    expect(askedAt(world)).toEqual([0, 9_000]);
    expect(times(world.sentAt)).toEqual([9_000]);
    expect(world.counters.read().lookups).toEqual({ found: 0, missing: 1, unverified: 0 });
  });

  it('are asked for once when that time has passed already', async () => {
    const world = lostAnswersWorld({ requests: [] });
    world.server.stored.push(spanId(9));
    world.append(1, { ...LONG_AGO, traceId: A });
    await world.clock.advance(1);
    expect([askedAt(world), times(world.sentAt)]).toEqual([[0], [0]]);
    expect(world.counters.read().lookups).toEqual({ found: 0, missing: 1, unverified: 0 });
  });

  it('wait for by nobody that was not', async () => {
    const { append, clock, server, sentAt, ledger } = lostAnswersWorld({ requests: [], options: { concurrency: 1 } });
    append(30, NOW);
    append(30);
    await clock.advance(1);
    expect([ledger.read().delivered, times(sentAt).every((at) => at === 0)]).toEqual([30, true]);
    expect(server.stored.toSorted()).toEqual(Array.from({ length: 30 }, (_, n) => spanId(n + 31)));
    await clock.advance(20_000);
    expect(ledger.read()).toMatchObject({ delivered: 60, inFlight: 0, queued: 0 });
    expect(new Set(server.stored).size).toBe(60);
  });

  it('are all sent at once when the first question shows that nobody can be asked', async () => {
    const { append, clock, server, ledger, counters } = lostAnswersWorld({
      requests: [],
      answer: async () => REFUSED,
    });
    for (let n = 1; n <= 25; n++) append(1, { ...NOW, traceId: trace(n) });
    await clock.advance(1);
    expect(ledger.read()).toMatchObject({ delivered: 25, inFlight: 0, queued: 0 });
    expect(server.asked).toHaveLength(1);
    expect(counters.read().lookups).toEqual({ found: 0, missing: 0, unverified: 25 });
  });

  it('are looked up with the first leave that an open circuit gives, not sent', async () => {
    const { append, clock, breaker, ledger, server } = lostAnswersWorld({ requests: [], options: { openMs: 5_000 } });
    server.stored.push(spanId(1));
    for (let n = 0; n < 3; n++) {
      const permit = breaker.permit();
      if (permit) breaker.fail(permit);
    }
    expect(breaker.state).toBe('open');
    append(1, NOW);
    await clock.advance(60_000);
    expect(breaker.state).toBe('closed');
    expect(ledger.read()).toMatchObject({ delivered: 1, inFlight: 0 });
    expect(server.stored).toEqual([spanId(1)]);
  });

  it('are not lost, nor sent, when everything ends before it is known', async () => {
    const { append, clock, loop, ledger, sentAt } = lostAnswersWorld({ requests: [] });
    append(3, NOW);
    await clock.advance(1_000);
    const stopped = loop.stop();
    await clock.advance(1_000);
    await stopped;
    expect(ledger.read()).toMatchObject({ delivered: 0, inFlight: 0, queued: 3 });
    expect(sentAt).toHaveLength(0);
  });

  it('of many traces of which the first three are not there are sent without more questions', async () => {
    const { append, clock, ledger, counters, server, sentAt } = lostAnswersWorld({
      requests: [],
      options: { flushAt: 50 },
    });
    for (let n = 1; n <= 50; n++) append(1, { ...NOW, traceId: trace(n) });
    await clock.advance(30_000);
    expect(ledger.read()).toMatchObject({ delivered: 50, inFlight: 0, queued: 0 });
    expect(server.asked.length).toBeLessThan(10);
    expect(counters.read().lookups).toEqual({ found: 0, missing: 0, unverified: 50 });
    expect(sentAt.length).toBeLessThan(4);
  });

  it('of many traces that are there are looked up as fast as may be asked, and none is sent', async () => {
    const { append, clock, ledger, counters, server } = lostAnswersWorld({ requests: [], options: { flushAt: 50 } });
    for (let n = 1; n <= 25; n++) {
      server.stored.push(spanId(n));
      append(1, { ...NOW, traceId: trace(n) });
    }
    await clock.advance(200_000);
    expect(ledger.read()).toMatchObject({ delivered: 25, inFlight: 0, queued: 0 });
    expect(counters.read().lookups).toEqual({ found: 25, missing: 0, unverified: 0 });
    expect(server.stored).toHaveLength(25);
  });

  it('do not make a server look like one that shows nothing, when none of them had left', async () => {
    const { append, clock, ledger, counters, server } = lostAnswersWorld({
      requests: [],
      answer: async ({ stored }, { path }) => rows(path.includes(trace(8)) ? stored : [], 1_000, path),
    });
    for (let n = 1; n <= 8; n++) append(1, { ...LONG_AGO, requests: ` ${n}`, traceId: trace(n) });
    // Only the last one is there.
    server.stored.push(spanId(8));
    await clock.advance(60_000);
    expect(ledger.read()).toMatchObject({ delivered: 8, inFlight: 0, queued: 0 });
    expect(counters.read().lookups).toEqual({ found: 1, missing: 0, unverified: 7 });
    expect(server.stored).toHaveLength(8);
  });
});

describe('spans that were under way in one request when their process ended', () => {
  it('are delivered when one of them is there, with one question', async () => {
    const world = lostAnswersWorld({ requests: [] });
    const { append, clock, ledger, counters, server } = world;
    for (let n = 1; n <= 40; n++) {
      server.stored.push(spanId(n));
      append(1, { ...NOW, requests: ' 7', traceId: trace(n) });
    }
    await clock.advance(1);
    expect(ledger.read()).toMatchObject({ delivered: 40, inFlight: 0, queued: 0 });
    expect([server.asked.length, server.stored.length]).toEqual([1, 40]);
    expect(counters.read().lookups).toEqual({ found: 1, missing: 0, unverified: 0 });
  });

  it('say nothing about those of another one, nor about those that were in another one as well', async () => {
    const { append, clock, ledger, counters, server } = lostAnswersWorld({ requests: [] });
    server.stored.push(spanId(1), spanId(2));
    append(2, { ...LONG_AGO, requests: ' 7', traceId: A });
    append(2, { ...LONG_AGO, requests: ' 7 8', traceId: A });
    append(2, { ...LONG_AGO, requests: ' 9', traceId: A });
    await clock.advance(1);
    expect(ledger.read()).toMatchObject({ delivered: 6, inFlight: 0, queued: 0 });
    expect(server.stored.toSorted()).toEqual([1, 2, 3, 4, 5, 6].map(spanId));
    expect(counters.read().lookups).toEqual({ found: 1, missing: 2, unverified: 0 });
  });

  it('prove nothing about others that are sent with them, and whose answer is lost', async () => {
    const { append, clock, server, ledger } = lostAnswersWorld({ requests: ['lost'] });
    // The row of the first one comes late, after all.
    append(1, { ...LONG_AGO, requests: ' 7', traceId: A });
    append(1, { ...LONG_AGO, requests: ' 8', traceId: A });
    await clock.advance(1_000);
    server.stored.push(spanId(1));
    await clock.advance(60_000);
    expect(ledger.read()).toMatchObject({ delivered: 2, inFlight: 0, queued: 0 });
    expect(server.stored).toContain(spanId(2));
  });
});

describe('a shutdown, while spans wait that were under way when their process ended', () => {
  const endsIn = (ms: number, { clock, patience, loop }: ReturnType<typeof lostAnswersWorld>): Promise<void> => {
    patience.limit(clock.now() + ms);
    loop.drain();
    return clock.advance(ms);
  };

  it('asks before its deadline, and sends what is not there', async () => {
    const world = lostAnswersWorld({ requests: [] });
    world.server.stored.push(spanId(9));
    world.append(1, { ...NOW, traceId: A });
    await world.clock.advance(1_000);
    await endsIn(8_000, world);
    expect(askedAt(world)).toEqual([0, 5_000]);
    expect(times(world.sentAt)).toEqual([5_000]);
    expect(world.loop.isIdle).toBe(true);
  });

  it('leaves in doubt what has not had the time to show', async () => {
    const world = lostAnswersWorld({ requests: [] });
    world.server.stored.push(spanId(9));
    world.append(1, { ...NOW, traceId: A });
    world.append(2);
    await endsIn(2_000, world);
    expect(world.server.stored).toEqual([9, 2, 3].map(spanId));
    expect(world.ledger.read()).toMatchObject({ delivered: 2, queued: 1, inFlight: 0 });
    expect(world.loop.isIdle).toBe(true);
  });

  it('leaves in doubt what there are no questions left for', async () => {
    const world = lostAnswersWorld({ requests: [] });
    for (let n = 1; n <= 12; n++) {
      world.server.stored.push(spanId(n));
      world.append(1, { ...NOW, traceId: trace(n) });
    }
    await world.clock.advance(31_000);
    await endsIn(8_000, world);
    expect(world.ledger.read()).toMatchObject({ delivered: 10, queued: 2, inFlight: 0 });
    expect(world.server.stored).toHaveLength(12);
    expect(world.counters.read().lookups).toEqual({ found: 10, missing: 0, unverified: 0 });
    expect(imbalanceOf(world.ledger.read())).toBeUndefined();
  });
});
