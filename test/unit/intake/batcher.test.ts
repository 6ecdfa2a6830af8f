import { describe, expect, it } from 'vitest';
import { Batcher } from '../../../src/intake/batcher.js';
import { SpanGroup } from '../../../src/intake/span-group.js';
import { SpanQueue } from '../../../src/intake/span-queue.js';
import { ManualClock } from '../../support/manual-clock.js';
import { spanLike } from '../../support/spans.js';

function batching(options: { batch?: number; intervalMs?: number; prepare?: () => Promise<void> | undefined } = {}) {
  const { batch = 3, intervalMs = 1_000, prepare = () => undefined } = options;
  const clock = new ManualClock();
  const queue = new SpanQueue();
  const log: string[] = [];
  const work = {
    prepare,
    process: ({ bytes }: { bytes: number }) => log.push(`${bytes}`),
    batchDone: () => log.push('done'),
  };
  const batcher = new Batcher(queue, { batchSpans: () => batch, intervalMs }, work, clock);
  let next = 0;
  const end = (count: number) => {
    for (let i = 0; i < count; i++) {
      queue.push({ span: spanLike(), group: new SpanGroup(), bytes: next++ });
      batcher.notify();
    }
  };
  return { clock, queue, log, batcher, end };
}

describe('the batcher', () => {
  it('does nothing on the stack of the application', () => {
    const { log, end } = batching();
    end(7);
    expect(log).toEqual([]);
  });

  it('moves full batches at once and the rest when the interval is over', async () => {
    const { clock, log, end } = batching();
    end(7);
    await clock.advance(0);
    expect(log).toEqual(['0', '1', '2', 'done', '3', '4', '5', 'done', 'done']);
    await clock.advance(1_000);
    expect(log.slice(9)).toEqual(['6', 'done']);
  });

  it('waits the interval from the first span, not from the last', async () => {
    const { clock, log, end } = batching();
    end(1);
    await clock.advance(900);
    end(1);
    await clock.advance(100);
    expect(log).toEqual(['0', '1', 'done']);
  });

  it('moves everything that is queued when asked to', async () => {
    const { clock, log, end, batcher } = batching();
    end(2);
    batcher.drain();
    await clock.advance(0);
    expect(log).toEqual(['0', '1', 'done']);
  });

  it('moves each span by itself when there is no interval', async () => {
    const { clock, log, end } = batching({ batch: 1, intervalMs: 0 });
    end(2);
    await clock.advance(0);
    expect(log).toEqual(['0', 'done', '1', 'done', 'done']);
  });

  it('waits for what a span needs, and loses no request to drain meanwhile', async () => {
    let ready: () => void = () => {};
    const wait = new Promise<void>((resolve) => {
      ready = resolve;
    });
    const { clock, log, end, batcher } = batching({ prepare: () => wait });
    end(3);
    await clock.advance(0);
    end(1);
    batcher.drain();
    expect(log).toEqual([]);
    ready();
    await clock.advance(0);
    expect(log).toEqual(['0', '1', '2', 'done', '3', 'done']);
  });

  it('leaves no timer behind when nothing is queued', async () => {
    const { clock, end } = batching();
    end(4);
    await clock.advance(2_000);
    expect(clock.pendingTimers).toBe(0);
  });
});
