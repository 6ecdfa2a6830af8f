import { describe, expect, it } from 'vitest';
import { imbalanceOf } from '../../../src/ledger/ledger.js';
import { lostAnswersWorld } from '../../support/lost-answers-world.js';
import { spanId } from '../../support/observations.js';

describe('spans that were under way when their process ended', () => {
  const [A, B] = ['a'.repeat(32), 'b'.repeat(32)];
  const LEFT = { isLeftInDoubt: true };

  it('are each looked for, trace by trace, and only what is not there is sent', async () => {
    const { append, clock, ledger, counters, server, sentAt } = lostAnswersWorld({ requests: [] });
    // Of the first trace one is there, of the second none.
    server.stored.push(spanId(1));
    append(2, { ...LEFT, traceId: A });
    append(1, { ...LEFT, traceId: B });
    await clock.advance(2_999);
    expect([server.asked.length, sentAt.length]).toEqual([0, 0]);
    await clock.advance(60_000);
    expect(ledger.read()).toMatchObject({ delivered: 3, inFlight: 0, queued: 0 });
    expect(server.stored.toSorted()).toEqual([1, 2, 3].map(spanId));
    expect(sentAt).toHaveLength(1);
    expect(counters.read().lookups).toEqual({ found: 0, missing: 2, unverified: 0 });
  });

  it('wait behind those of the same batch that were not', async () => {
    const { append, clock, server, sentAt } = lostAnswersWorld({ requests: [] });
    server.stored.push(spanId(1));
    append(1, LEFT);
    append(1);
    await clock.advance(2_000);
    expect([server.stored, server.asked.length]).toEqual([[1, 2].map(spanId), 0]);
    await clock.advance(20_000);
    expect([server.stored, sentAt.length]).toEqual([[1, 2].map(spanId), 1]);
  });

  it('are looked up with the first leave that an open circuit gives, not sent', async () => {
    const { append, clock, breaker, ledger, server } = lostAnswersWorld({ requests: [], options: { openMs: 5_000 } });
    server.stored.push(spanId(1));
    for (let n = 0; n < 3; n++) {
      const permit = breaker.permit();
      if (permit) breaker.fail(permit);
    }
    expect(breaker.state).toBe('open');
    append(1, LEFT);
    await clock.advance(60_000);
    expect(breaker.state).toBe('closed');
    expect(ledger.read()).toMatchObject({ delivered: 1, inFlight: 0 });
    expect(server.stored).toEqual([spanId(1)]);
  });

  it('are not lost, nor sent, when everything ends before it is known', async () => {
    const { append, clock, loop, ledger, server, sentAt } = lostAnswersWorld({ requests: [] });
    append(3, LEFT);
    await clock.advance(1_000);
    const stopped = loop.stop();
    await clock.advance(1_000);
    await stopped;
    expect(ledger.read()).toMatchObject({ delivered: 0, inFlight: 0, queued: 3 });
    expect([server.asked.length, sentAt.length]).toEqual([0, 0]);
  });

  it('of many traces of which the first three are not there are sent without more questions', async () => {
    const { append, clock, ledger, counters, server, sentAt } = lostAnswersWorld({
      requests: [],
      options: { flushAt: 50 },
    });
    for (let n = 1; n <= 50; n++) append(1, { ...LEFT, traceId: n.toString(16).padStart(32, 'd') });
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
      append(1, { ...LEFT, traceId: n.toString(16).padStart(32, 'd') });
    }
    await clock.advance(200_000);
    expect(ledger.read()).toMatchObject({ delivered: 25, inFlight: 0, queued: 0 });
    expect(counters.read().lookups).toEqual({ found: 25, missing: 0, unverified: 0 });
    expect(server.stored).toHaveLength(25);
  });

  it('of more traces than may be asked about are sent again when a shutdown has no time for all', async () => {
    const { append, clock, loop, patience, ledger, counters, server } = lostAnswersWorld({ requests: [] });
    for (let n = 1; n <= 12; n++) {
      server.stored.push(spanId(n));
      append(1, { ...LEFT, traceId: n.toString(16).padStart(32, 'c') });
    }
    await clock.advance(31_000);
    patience.limit(clock.now() + 8_000);
    loop.drain();
    await clock.advance(8_000);
    expect(ledger.read()).toMatchObject({ delivered: 12, inFlight: 0, queued: 0 });
    expect(counters.read().lookups.unverified).toBeGreaterThan(0);
    expect(imbalanceOf(ledger.read())).toBeUndefined();
  });
});
