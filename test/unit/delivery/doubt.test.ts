import { describe, expect, it } from 'vitest';
import { imbalanceOf } from '../../../src/ledger/ledger.js';
import { lostAnswersWorld, type Plan, rows } from '../../support/lost-answers-world.js';
import { spanId } from '../../support/observations.js';

const status =
  (code: number, text = '') =>
  async () => ({ status: code, headers: {}, text });

describe('a request whose answer got lost', () => {
  it('is delivered when any of its spans is there after three seconds', async () => {
    const { append, clock, ledger, counters, server, sentAt } = lostAnswersWorld({ requests: ['stored, lost'] });
    append(10);
    await clock.advance(2_999);
    expect([server.asked.length, ledger.read().inFlight]).toEqual([0, 10]);
    await clock.advance(100);
    expect(ledger.read()).toMatchObject({ delivered: 10, inFlight: 0 });
    expect(counters.read().lookups).toEqual({ found: 1, missing: 0, unverified: 0 });
    expect([sentAt.length, server.stored.length]).toEqual([1, 10]);
    expect(server.asked[0]?.path).toMatch(
      /^\/api\/public\/v2\/observations\?traceId=[0-9a-f]{32}&fields=core&limit=1000$/,
    );
  });

  it('is sent again when none is there after ten seconds more, on a server that showed others before', async () => {
    const { append, clock, ledger, counters, server, sentAt } = lostAnswersWorld({
      requests: ['stored, lost', 'lost'],
    });
    append(10);
    await clock.advance(4_000);
    append(10);
    await clock.advance(20_000);
    expect(ledger.read()).toMatchObject({ delivered: 20, inFlight: 0 });
    expect(counters.read().lookups).toEqual({ found: 1, missing: 1, unverified: 0 });
    const [, second = 0, third = 0] = server.asked.map(({ at }) => at);
    expect([second - (sentAt[1] ?? 0), third - second].map((ms) => Math.floor(ms / 1_000))).toEqual([3, 10]);
    expect([sentAt.length, server.stored.length]).toEqual([3, 20]);
  });

  it('is sent again, and counted as unverified, when the server never shows anything', async () => {
    const { append, clock, ledger, counters, sentAt } = lostAnswersWorld({
      requests: ['lost'],
      answer: status(200, '{"data":[],"meta":{}}'),
    });
    append(10);
    await clock.advance(20_000);
    expect(ledger.read().delivered).toBe(10);
    expect(counters.read().lookups).toEqual({ found: 0, missing: 0, unverified: 1 });
    expect(sentAt).toHaveLength(2);
  });

  it('is not taken for delivered because of spans that another process sends as well', async () => {
    const { append, clock, ledger, counters, server, sentAt } = lostAnswersWorld({ requests: ['lost'] });
    append(2, { isElsewhere: true });
    append(1);
    // By the other one.
    server.stored.push(spanId(1), spanId(2));
    await clock.advance(20_000);
    expect(ledger.read()).toMatchObject({ delivered: 3, inFlight: 0 });
    expect(counters.read().lookups).toMatchObject({ found: 0 });
    expect([sentAt.length, server.stored.includes(spanId(3))]).toEqual([2, true]);
  });

  it('lets other batches flow meanwhile', async () => {
    const { append, clock, ledger } = lostAnswersWorld({ requests: ['stored, lost'], options: { concurrency: 1 } });
    append(30);
    await clock.advance(100);
    expect(ledger.read()).toMatchObject({ delivered: 20, inFlight: 10 });
  });

  it('is looked for beyond a full page', async () => {
    const { append, clock, counters, server } = lostAnswersWorld({
      requests: ['stored, lost'],
      answer: async ({ stored }, { path }) => rows(['x', 'y', ...stored], 1, path),
    });
    append(1);
    await clock.advance(4_000);
    expect(counters.read().lookups.found).toBe(1);
    expect(server.asked).toHaveLength(3);
  });
});

describe('a server that cannot be asked', () => {
  it.each([
    ['forbids it', status(403)],
    ['has no such route', status(404, '<!doctype html>')],
    ['limits it', status(429)],
    ['answers with a page', status(200, '<!doctype html><title>Shop</title>')],
    ['answers with nothing', status(200)],
    ['answers with something else', status(200, '{"data":{"id":1}}')],
  ])('(%s) gets the request again, once said and counted, without an exception', async (_, answer) => {
    const { append, clock, ledger, counters, lines, server } = lostAnswersWorld({
      requests: ['stored, lost', 'ok', 'stored, lost'],
      answer,
    });
    append(10);
    await clock.advance(10_000);
    append(10);
    await clock.advance(10_000);
    expect(ledger.read()).toMatchObject({ delivered: 20, inFlight: 0, queued: 0 });
    expect(counters.read().lookups).toEqual({ found: 0, missing: 0, unverified: 2 });
    expect(server.asked).toHaveLength(1);
    expect(lines.filter((line) => line.includes('cannot be asked'))).toHaveLength(1);
    expect(imbalanceOf(ledger.read())).toBeUndefined();
  });

  it.each<[string, NonNullable<Plan['answer']>]>([
    [
      'is slow',
      (_, __, signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    ],
    ['cuts the connection', () => Promise.reject(new Error('ECONNRESET'))],
    ['fails', status(500)],
    ['shows another project', status(200, '{"data":[{"id":"b7ad6b7169203331","traceId":"f"}],"meta":{}}')],
  ])('(%s) is asked twice, then gets the request again, and that is said once', async (_, answer) => {
    const { append, clock, ledger, counters, lines, server } = lostAnswersWorld({ requests: ['lost'], answer });
    append(10);
    await clock.advance(40_000);
    expect(lines.filter((line) => line.includes('does not tell which observations'))).toHaveLength(1);
    expect(ledger.read()).toMatchObject({ delivered: 10, inFlight: 0 });
    expect(counters.read().lookups).toEqual({ found: 0, missing: 0, unverified: 1 });
    expect(server.asked).toHaveLength(2);
  });
});

describe('look-ups', () => {
  it('are ten a minute; at the cap requests wait, as long as time allows', async () => {
    const { append, clock, ledger, counters, server, breaker } = lostAnswersWorld({
      requests: Array.from({ length: 15 }, () => 'stored, lost' as const),
      options: { flushAt: 1, concurrency: 4 },
    });
    for (let n = 0; n < 15; n++) {
      append(1);
      await clock.advance(1);
      // Lost answers are failures of the way to the server; here it is about the look-ups.
      breaker.reset();
    }
    await clock.advance(50_000);
    expect(server.asked).toHaveLength(10);
    expect(ledger.read()).toMatchObject({ delivered: 10, inFlight: 5 });
    await clock.advance(30_000);
    expect(ledger.read()).toMatchObject({ delivered: 15, inFlight: 0 });
    expect(counters.read().lookups).toEqual({ found: 15, missing: 0, unverified: 0 });
    expect(server.stored).toHaveLength(15);
  });

  it('are not made while the circuit is open; the first one afterwards is the probe', async () => {
    const { append, clock, ledger, breaker, server } = lostAnswersWorld({
      requests: ['stored, lost', 'lost', 'lost'],
      options: { flushAt: 1, concurrency: 3, openMs: 20_000 },
    });
    append(3);
    await clock.advance(19_000);
    expect(breaker.state).toBe('open');
    expect(server.asked).toEqual([]);
    await clock.advance(60_000);
    expect(breaker.state).toBe('closed');
    expect(ledger.read()).toMatchObject({ delivered: 3, inFlight: 0, queued: 0 });
    expect(new Set(server.stored).size).toBe(3);
    expect(server.stored).toHaveLength(3);
  });

  it('are hurried by a shutdown, whose deadline decides', async () => {
    const { append, clock, loop, patience, ledger, sentAt } = lostAnswersWorld({ requests: ['lost'] });
    append(10);
    await clock.advance(500);
    patience.limit(clock.now() + 4_000);
    loop.drain();
    await clock.advance(4_000);
    expect(ledger.read().delivered).toBe(10);
    expect(sentAt).toHaveLength(2);
  });
});
