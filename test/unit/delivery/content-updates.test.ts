import { expect, it } from 'vitest';
import { CircuitBreaker } from '../../../src/delivery/circuit-breaker.js';
import { ContentUpdates } from '../../../src/delivery/content-updates.js';
import { LangfuseServer } from '../../../src/delivery/protocol.js';
import { writeUpdates } from '../../../src/encode/content-update.js';
import { LogCounts } from '../../../src/ledger/log-counts.js';
import type { HttpRequest, Transport } from '../../../src/ports.js';
import type { ContentUpdate } from '../../../src/record.js';
import { noopLogger } from '../../../src/runtime/logger.js';
import { ManualClock } from '../../support/manual-clock.js';
import { spanId } from '../../support/observations.js';

type Answer = (ids: readonly string[]) => readonly string[] | Promise<readonly string[]>;

/** Updates on their way to a server that is a function: from the ids of a request to those it takes. */
function updating(answer: Answer, protocol: 'ingestion' | 'otlp' = 'ingestion') {
  const clock = new ManualClock();
  const counts = new LogCounts();
  const requests: (readonly string[])[] = [];
  const transport: Transport = {
    async send({ body }: HttpRequest) {
      const { batch } = JSON.parse(String(body)) as { readonly batch: readonly { readonly id: string }[] };
      const ids = batch.map(({ id }) => id);
      requests.push(ids);
      const taken = await answer(ids);
      return { status: 207, headers: {}, text: JSON.stringify({ successes: taken.map((id) => ({ id })), errors: [] }) };
    },
    async close() {},
  };
  const breaker = new CircuitBreaker(
    { failureThreshold: 1, successThreshold: 1, openMs: { initial: 20_000, max: 20_000 } },
    clock,
    () => {},
    () => 1,
  );
  const server = new LangfuseServer({ baseUrl: 'http://localhost', protocol }, transport, clock, noopLogger);
  const parts = { server, transport, breaker, clock, counts, attemptTimeoutMs: 1_000, write: writeUpdates };
  const updates = new ContentUpdates(parts);
  return { clock, requests, breaker, updates, counters: () => counts.read(updates.waitingRecords) };
}

function update(n: number, output = 'now'): ContentUpdate {
  return {
    id: `u${n}`,
    type: 'generation-update',
    timestamp: '2026-09-21T14:13:20.000Z',
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: spanId(n),
    startTime: '2026-09-21T14:13:19.000Z',
    environment: 'default',
    output,
  };
}

const all: Answer = (ids) => ids;

it('what is added while a request is under way goes in the next one', async () => {
  const { clock, requests, updates, counters } = updating(all);
  updates.add(update(1), 2);
  updates.add(update(2), 1);
  updates.add(update(3), 1);
  await clock.advance(0);
  expect(requests).toEqual([['u1'], ['u2', 'u3']]);
  expect(counters()).toMatchObject({ merged: 4, waiting: 0 });
});

it('large updates go in requests of their own, and too large ones not at all', async () => {
  const { clock, requests, updates, counters } = updating(all);
  updates.add(update(1), 1);
  for (const n of [2, 3, 4]) updates.add(update(n, 'x'.repeat(600_000)), 1);
  updates.add(update(5, 'x'.repeat(2_000_000)), 1);
  await clock.advance(0);
  expect(requests).toEqual([['u1'], ['u2'], ['u3'], ['u4']]);
  expect(counters()).toMatchObject({ merged: 4, late: 1 });
});

it('what the server does not take is tried three times, five seconds apart, with what is new', async () => {
  const { clock, requests, updates, counters } = updating((ids) => ids.filter((id) => id !== 'u1'));
  updates.add(update(1), 1);
  await clock.advance(4_000);
  updates.add(update(2), 1);
  await clock.advance(10_000);
  expect(requests).toEqual([['u1'], ['u1', 'u2'], ['u1']]);
  expect(counters()).toMatchObject({ merged: 1, late: 1, waiting: 0 });
});

it('nothing is sent while the circuit is open', async () => {
  const { clock, requests, breaker, updates, counters } = updating(all);
  const permit = breaker.permit();
  if (permit) breaker.fail(permit);
  updates.add(update(1), 1);
  await clock.advance(10_000);
  expect(requests).toEqual([]);
  expect(counters()).toMatchObject({ waiting: 1 });
  breaker.reset();
  await clock.advance(5_000);
  expect(counters()).toMatchObject({ merged: 1, waiting: 0 });
});

it('a server that turned out not to merge is told nothing', async () => {
  const { clock, requests, updates, counters } = updating(all, 'otlp');
  updates.add(update(1), 3);
  await clock.advance(0);
  expect(updates.canMerge).toBe(false);
  expect(requests).toEqual([]);
  expect(counters()).toMatchObject({ late: 3, waiting: 0 });
});

it('what is under way when all is closed is counted once, whatever the server still says', async () => {
  let answerNow = (): void => {};
  const { clock, updates, counters } = updating(
    (ids) =>
      new Promise((resolve) => {
        answerNow = () => resolve(ids);
      }),
  );
  updates.add(update(1), 1);
  await clock.advance(0);
  updates.close();
  answerNow();
  await clock.advance(0);
  updates.add(update(2), 1);
  expect(counters()).toMatchObject({ merged: 0, late: 2, waiting: 0 });
});
