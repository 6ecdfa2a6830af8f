import { expect, it } from 'vitest';
import { LateRecords } from '../../src/intake/late-records.js';
import { LogJoin } from '../../src/intake/log-join.js';
import { SpanGroup } from '../../src/intake/span-group.js';
import type { QueuedSpan } from '../../src/intake/span-queue.js';
import { type LogCounters, LogCounts, logImbalanceOf } from '../../src/ledger/log-counts.js';
import type { SpanLike } from '../../src/span.js';
import { answer, LOGGING_SCOPE, question } from '../support/log-records.js';
import { ManualClock } from '../support/manual-clock.js';
import { spanId } from '../support/observations.js';
import { fc } from '../support/seeded-check.js';
import { spanLike } from '../support/spans.js';

/** A join with spans that have not ended yet, and what may happen to it, in any order; only the end of a span comes once. */
function joinWorld(merges: boolean) {
  const clock = new ManualClock();
  const counts = new LogCounts();
  const update = (_span: unknown, _records: unknown, late: number): void => counts.settle('merged', late);
  const late = new LateRecords({ counts, clock, merges: () => merges, update });
  const ended = new Set<string>();
  const left: string[] = [];
  const offer = (queued: QueuedSpan): void => {
    if (join.join(queued) !== 'waits') left.push(queued.span.spanContext().spanId);
  };
  const join: LogJoin = new LogJoin({ counts, clock, late, requeue: offer });
  let group = new SpanGroup();
  const ending = (n: number, takes: (span: SpanLike) => void): void => {
    const chat = chatSpan(n);
    const { spanId: id } = chat.spanContext();
    if (ended.has(id)) return;
    ended.add(id);
    takes(chat);
  };
  const happenings: { readonly [does: string]: (n: number) => void | Promise<void> } = {
    ask: (n) => join.emit(question(chatSpan(n).spanContext(), 'when?')),
    answer: (n) => join.emit(answer(chatSpan(n).spanContext(), 'now')),
    end: (n) => ending(n, (span) => offer({ span, group, bytes: 100 })),
    leaveOut: (n) =>
      ending(n, (span) => {
        join.forget(span);
        left.push(span.spanContext().spanId);
      }),
    wait: (n) => clock.advance(WAITS_MS[n % WAITS_MS.length] ?? 0),
    flush: () => {
      join.hurry([group]);
      group = new SpanGroup();
      late.send();
    },
    close: () => join.close(),
  };
  const counters = (): LogCounters => counts.read(join.waitingRecords);
  return { clock, join, late, ended, left, happenings, counters };
}

const WAITS_MS = [1, 150, 999, 1_000, 61_000];

function chatSpan(n: number): SpanLike {
  const attributes = { 'gen_ai.operation.name': 'chat' };
  return spanLike({ id: spanId(n), attributes, instrumentationScope: { name: LOGGING_SCOPE } });
}

const step = fc.tuple(
  fc.constantFrom('ask', 'ask', 'answer', 'answer', 'end', 'end', 'leaveOut', 'wait', 'wait', 'flush', 'close'),
  fc.nat({ max: 4 }),
);

it('whatever comes in whatever order, every span leaves once and every record is accounted for', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), async (steps, merges) => {
      const { clock, join, late, ended, left, happenings, counters } = joinWorld(merges);
      for (const [does, n] of steps) {
        await happenings[does]?.(n);
        expect(left.length + join.line.length).toBe(ended.size);
        expect(logImbalanceOf(counters())).toBeUndefined();
      }
      await clock.advance(1_000);
      expect(left.toSorted()).toEqual([...ended].toSorted());
      late.send();
      join.clear();
      expect(counters().waiting).toBe(0);
      expect(logImbalanceOf(counters())).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});
