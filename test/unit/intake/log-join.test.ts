import { describe, expect, it } from 'vitest';
import { LateRecords } from '../../../src/intake/late-records.js';
import { LogJoin } from '../../../src/intake/log-join.js';
import { SpanGroup } from '../../../src/intake/span-group.js';
import type { QueuedSpan } from '../../../src/intake/span-queue.js';
import { type LogCounters, LogCounts, logImbalanceOf } from '../../../src/ledger/log-counts.js';
import type { LogRecordLike } from '../../../src/log-record.js';
import type { SpanContextLike, SpanLike } from '../../../src/span.js';
import { answer, contentRecord, LOGGING_SCOPE, question } from '../../support/log-records.js';
import { ManualClock } from '../../support/manual-clock.js';
import { spanId } from '../../support/observations.js';
import { spanLike } from '../../support/spans.js';

const MIB = 1024 * 1024;

function joining({ merges = true } = {}) {
  const clock = new ManualClock();
  const counts = new LogCounts();
  const requeued: QueuedSpan[] = [];
  const updates: { readonly id: string; readonly records: number; readonly late: number }[] = [];
  const late = new LateRecords({
    counts,
    clock,
    merges: () => merges,
    update: (span, records, newOnes) => {
      updates.push({ id: span.spanContext().spanId, records: records.length, late: newOnes });
      counts.settle('merged', newOnes);
    },
  });
  const join = new LogJoin({ counts, clock, late, requeue: (queued) => requeued.push(queued) });
  const counters = (): LogCounters => {
    const read = counts.read(join.waitingRecords);
    expect(logImbalanceOf(read)).toBeUndefined();
    return read;
  };
  return { clock, join, requeued, updates, counters };
}

function contextOf(n: number): SpanContextLike {
  return { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: spanId(n), traceFlags: 1 };
}

/** A chat span that ended, as it comes out of the queue. */
function chat(n: number, over: Partial<SpanLike> = {}): QueuedSpan {
  const span = spanLike({
    attributes: { 'gen_ai.operation.name': 'chat' },
    instrumentationScope: { name: LOGGING_SCOPE },
    spanContext: () => contextOf(n),
    ...over,
  });
  return { span, group: new SpanGroup(), bytes: 1_000 };
}

describe('records that come before the end of their span', () => {
  it('go with it, and it does not wait once the answer is there', () => {
    const { join, counters } = joining();
    join.emit(question(contextOf(1), 'when?'));
    join.emit(answer(contextOf(1), 'now'));
    expect(join.join(chat(1))).toMatchObject([
      { name: 'gen_ai.user.message', attributes: { content: 'when?', 'gen_ai.system': 'openai' } },
      { name: 'gen_ai.choice', attributes: { role: 'assistant', content: 'now', finish_reason: 'stop', index: 0 } },
    ]);
    expect(counters()).toMatchObject({ joined: 2, waiting: 0 });
  });

  it('are pushed out by newer ones when there are too many, and counted', () => {
    const { join, counters } = joining();
    for (let n = 0; n < 10_005; n++) join.emit(question(contextOf(n), 'x'));
    expect(counters()).toMatchObject({ received: 10_005, waiting: 10_000, dropped: { overflow: 5 } });
    expect(join.join(chat(4, { status: { code: 2 } }))).toEqual([]);
    expect(join.join(chat(5, { status: { code: 2 } }))).toHaveLength(1);
  });

  it('hold 16 MiB at most', () => {
    const { join, counters } = joining();
    const long = 'x'.repeat(MIB);
    for (let n = 0; n < 40; n++) join.emit(question(contextOf(n), long));
    expect(counters()).toMatchObject({ waiting: 15, dropped: { overflow: 25 } });
    join.emit(question(contextOf(99), 'x'.repeat(17 * MIB)));
    expect(counters()).toMatchObject({ waiting: 0, dropped: { overflow: 41 } });
  });

  it('are given up after ten minutes', async () => {
    const { join, clock, counters } = joining();
    join.emit(question(contextOf(1), 'x'));
    await clock.advance(600_001);
    join.emit(question(contextOf(2), 'y'));
    expect(counters()).toMatchObject({ waiting: 1, dropped: { expired: 1 } });
  });

  it('are given up at the end, when their span has not ended', () => {
    const { join, counters } = joining();
    join.emit(question(contextOf(1), 'x'));
    join.close();
    join.clear();
    expect(counters()).toMatchObject({ waiting: 0, dropped: { shutdown: 1 } });
  });
});

describe('a span that ends before its answer', () => {
  it('waits a second and then goes without', async () => {
    const { join, clock, requeued } = joining();
    const first = chat(1);
    const second = chat(2);
    expect(join.join(first)).toBe('waits');
    await clock.advance(500);
    expect(join.join(second)).toBe('waits');
    await clock.advance(499);
    expect(requeued).toEqual([]);
    expect(join.line).toEqual(expect.objectContaining({ length: 2, bytes: 2_000 }));
    await clock.advance(1);
    expect(requeued).toEqual([first]);
    await clock.advance(500);
    expect(requeued).toEqual([first, second]);
    expect(join.join(first)).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('goes with all choices of the answer as soon as the first has come', async () => {
    const { join, clock, requeued } = joining();
    const waiting = chat(1);
    join.join(waiting);
    join.emit(question(contextOf(1), 'late, but no answer'));
    await clock.advance(10);
    expect(requeued).toEqual([]);
    join.emit(answer(contextOf(1), 'one'));
    join.emit(answer(contextOf(1), 'two', 1));
    await clock.advance(0);
    expect(requeued).toEqual([waiting]);
    expect(join.join(waiting)).toHaveLength(3);
  });

  it('goes when somebody waits for it, and so do those of the same group that come later', () => {
    const { join, requeued } = joining();
    const waiting = chat(1);
    const next: QueuedSpan = { ...chat(2), group: waiting.group };
    join.join(waiting);
    join.hurry([waiting.group]);
    expect(requeued).toEqual([waiting]);
    expect(join.join(next)).toEqual([]);
    expect(join.join(chat(3))).toBe('waits');
  });

  it('does not wait where another span of its id waits', () => {
    const { join } = joining();
    expect(join.join(chat(1))).toBe('waits');
    expect(join.join(chat(1))).toEqual([]);
    expect(join.line.length).toBe(1);
  });

  it('waits only when its scope is known to log content, or was seen to', () => {
    const { join } = joining();
    const scope = { name: 'some-library' };
    expect(join.join(chat(1, { instrumentationScope: scope }))).toEqual([]);
    join.emit(contentRecord(contextOf(9), 'gen_ai.user.message', 'hi', { instrumentationScope: scope }));
    expect(join.join(chat(2, { instrumentationScope: scope }))).toBe('waits');
    expect(join.join(chat(3, { instrumentationScope: scope, attributes: { 'http.method': 'GET' } }))).toEqual([]);
  });
});

describe('records that come after their span has left', () => {
  function left(options: { readonly merges?: boolean } = {}) {
    const world = joining(options);
    world.join.emit(question(contextOf(1), 'when?'));
    expect(world.join.join(chat(1, { status: { code: 2 } }))).toHaveLength(1);
    return world;
  }

  it('are told together, with what went before', async () => {
    const { join, clock, updates, counters } = left();
    join.emit(answer(contextOf(1), 'one'));
    join.emit(answer(contextOf(1), 'two', 1));
    expect(counters()).toMatchObject({ joined: 1, waiting: 2 });
    await clock.advance(200);
    expect(updates).toEqual([{ id: spanId(1), records: 3, late: 2 }]);
    expect(counters()).toMatchObject({ joined: 1, merged: 2, waiting: 0 });
  });

  it('are counted where the server does not merge', () => {
    const { join, updates, counters } = left({ merges: false });
    join.emit(answer(contextOf(1), 'one'));
    expect(counters()).toMatchObject({ joined: 1, late: 1 });
    expect(updates).toEqual([]);
  });

  it('wait like any other when it left more than a minute ago and others have left since', async () => {
    const { join, clock, counters } = left();
    await clock.advance(60_001);
    join.join(chat(2, { status: { code: 2 } }));
    join.emit(answer(contextOf(1), 'one'));
    expect(counters()).toMatchObject({ waiting: 1, late: 0 });
  });
});

describe('a hostile record', () => {
  const HOSTILE: readonly [string, LogRecordLike][] = [
    [
      'whose body throws',
      contentOf({
        get content(): never {
          throw new Error('from the application');
        },
      }),
    ],
    ['that contains itself', contentOf(circular())],
    ['that is a mere text', contentOf('hi')],
    ['without a body', contentOf(undefined)],
    ['with the body null', contentOf(null)],
    ['of bytes', contentOf(new Uint8Array(3))],
    ['with a million values', contentOf(Object.fromEntries(Array.from({ length: 1e5 }, (_, n) => [n, n])))],
    ['of a time that is none', { ...question(contextOf(1), 'x'), hrTime: ['x'] as never }],
    ['of a span context that is none', { ...question(contextOf(1), 'x'), spanContext: 7 as never }],
  ];

  it.each(HOSTILE)('%s harms nobody, and is accounted for', (_, record) => {
    const { join, counters } = joining();
    expect(() => join.emit(record)).not.toThrow();
    expect(() => join.join(chat(1, { status: { code: 2 } }))).not.toThrow();
    join.clear();
    expect(counters()).toMatchObject({ received: 1, waiting: 0 });
  });
});

function contentOf(body: unknown): LogRecordLike {
  return contentRecord(contextOf(1), 'gen_ai.user.message', body);
}

function circular(): object {
  const body: { content: string; self?: object } = { content: 'x' };
  body.self = body;
  return body;
}
