import { describe, expect, it } from 'vitest';
import { ACCEPTED, BROKEN, deliveryWorld } from '../../support/delivery-world.js';

/** Sizes of the requests, and when they were made. */
function gathering(answer: (requests: number) => typeof ACCEPTED = () => ACCEPTED) {
  const requests: (readonly [size: number, at: number])[] = [];
  const world = deliveryWorld(
    async (_, records) => {
      requests.push([records.length, world.clock.now()]);
      return answer(requests.length);
    },
    { concurrency: 4, flushAt: 10, gatherMs: 1_000, openMs: 5_000 },
  );
  const startedAt = world.clock.now();
  return { ...world, requests: () => requests.map(([size, at]) => [size, at - startedAt]) };
}

describe('records that come in small numbers', () => {
  it('are sent together, the interval after the first', async () => {
    const { append, clock, requests } = gathering();
    for (let n = 0; n < 4; n++) {
      append(2);
      await clock.advance(200);
    }
    expect(requests()).toEqual([]);
    await clock.advance(200);
    expect(requests()).toEqual([[8, 1_000]]);
    append(1);
    await clock.advance(999);
    expect(requests()).toHaveLength(1);
    await clock.advance(1);
    expect(requests()[1]).toEqual([1, 2_000]);
  });

  it('are sent as soon as they fill a request, and the rest has its interval', async () => {
    const { append, clock, requests } = gathering();
    append(9);
    await clock.advance(100);
    append(4);
    await clock.advance(0);
    expect(requests()).toEqual([[10, 100]]);
    await clock.advance(1_000);
    expect(requests()).toEqual([
      [10, 100],
      [3, 1_000],
    ]);
  });

  it('are sent at once when somebody asks, and afterwards are gathered again', async () => {
    const { append, clock, loop, requests } = gathering();
    append(3);
    loop.hurry();
    await clock.advance(0);
    append(1);
    await clock.advance(10);
    expect(requests()).toEqual([[3, 0]]);
  });

  it('do not keep a flush or a shutdown waiting', async () => {
    const flushed = gathering();
    flushed.append(3);
    const stop = flushed.loop.watchStalls(() => {});
    await flushed.clock.advance(0);
    expect(flushed.requests()).toEqual([[3, 0]]);
    flushed.append(2);
    await flushed.clock.advance(0);
    stop();
    expect(flushed.requests()).toEqual([
      [3, 0],
      [2, 0],
    ]);
    const closed = gathering();
    closed.append(3);
    closed.patience.limit(10_000);
    closed.loop.drain();
    await closed.clock.advance(0);
    expect(closed.requests()).toEqual([[3, 0]]);
  });

  it('end an outage, however few they are', async () => {
    const { append, clock, breaker, ledger } = gathering((requests) => (requests < 4 ? BROKEN : ACCEPTED));
    append(1);
    await clock.advance(60_000);
    expect(breaker.state).toBe('closed');
    expect(ledger.read().delivered).toBe(1);
  });
});
