import { describe, expect, it } from 'vitest';
import type { Observation, TraceFields } from '../../../src/model.js';
import { TraceMemory } from '../../../src/translate/trace-memory.js';
import { observation, spanId } from '../../support/observations.js';

const ROOT = observation({ id: spanId(1), name: 'POST /chat', startTime: [100, 0], endTime: [110, 0] });
const inner = (n: number, start: number, trace: TraceFields = {}): Observation =>
  observation({
    id: spanId(n),
    name: `step ${n}`,
    position: 'inner',
    parentId: spanId(1),
    startTime: [start, 0],
    trace,
  });

/** What a v3 server shows of the trace after these spans came in this order: later envelopes win, undefined does not. */
function shownAfter(...observations: readonly Observation[]): TraceFields {
  const memory = new TraceMemory();
  const events = observations.map((one) => memory.update(one)).filter(({ concernsTrace }) => concernsTrace);
  events.sort((a, b) => a.spokenAtMs - b.spokenAtMs);
  const shown: { [field: string]: unknown } = {};
  for (const { fields } of events)
    for (const [field, value] of Object.entries(fields)) if (value !== undefined) shown[field] = value;
  return shown;
}

function ordersOf<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, n) => ordersOf(items.toSpliced(n, 1)).map((rest) => [item, ...rest]));
}

describe('what is known of a trace', () => {
  it('is the same in whatever order its spans come', () => {
    const spans = [
      observation({ ...ROOT, trace: { userId: 'of-root', metadata: { tier: 'gold' } } }),
      inner(2, 101, { userId: 'of-child', sessionId: 'first', tags: ['a'] }),
      inner(3, 103, { sessionId: 'second', tags: ['b'], public: true, metadata: { tier: 'silver', seat: 4 } }),
      observation({ ...ROOT, id: spanId(4), name: 'second root', startTime: [104, 0], endTime: [105, 0] }),
    ];
    for (const order of ordersOf(spans)) {
      const { tags, ...shown } = shownAfter(...order);
      expect(shown).toEqual({
        name: 'POST /chat',
        userId: 'of-root',
        sessionId: 'second',
        public: true,
        metadata: { tier: 'gold', seat: 4 },
      });
      expect([...(tags ?? [])].sort()).toEqual(['a', 'b']);
    }
  });

  it('prefers a name somebody gave to the name of any span', () => {
    for (const order of ordersOf([ROOT, inner(2, 101, { name: 'Booking' }), inner(3, 102)]))
      expect(shownAfter(...order).name).toBe('Booking');
  });

  it('has a name to show while the root is missing: that of the span that began first', () => {
    expect(shownAfter(inner(3, 103), inner(2, 101)).name).toBe('step 2');
  });

  it('puts no such stand-in on spans, which cannot be corrected', () => {
    const memory = new TraceMemory();
    expect(memory.update(inner(3, 103)).spanFields.name).toBeUndefined();
    memory.update(ROOT);
    expect(memory.update(inner(2, 101)).spanFields.name).toBe('POST /chat');
  });

  it('names spans after the span with which the trace entered the process, before that has ended', () => {
    const memory = new TraceMemory();
    const { spanFields, fields } = memory.update(inner(2, 101), {}, 'POST');
    expect([spanFields.name, fields.name]).toEqual(['POST', 'POST']);
    expect(memory.update(ROOT).fields.name).toBe('POST /chat');
  });

  it('leaves each span its own words, and gives it the trace’s where it has none', () => {
    const memory = new TraceMemory();
    memory.update(observation({ ...ROOT, trace: { userId: 'of-root', sessionId: 's' } }));
    const { spanFields, fields } = memory.update(inner(2, 101, { userId: 'of-child' }), { sessionId: 'given' });
    expect(spanFields).toMatchObject({ userId: 'of-child', sessionId: 'given', name: 'POST /chat' });
    expect(fields).toMatchObject({ userId: 'of-root', sessionId: 's' });
  });

  it('is told to the server when it changes, not when it is repeated', () => {
    const memory = new TraceMemory();
    const say = (n: number, trace: TraceFields) => memory.update(inner(n, 100 + n, trace)).concernsTrace;
    expect(say(2, { userId: 'u', metadata: { list: [1] } })).toBe(true);
    expect(say(3, { userId: 'u', metadata: { list: [1] } })).toBe(false);
    expect(say(4, { tags: ['new'] })).toBe(true);
    expect(say(5, { version: '2' })).toBe(false);
  });

  it('is told at most twenty times before the root, which always speaks', () => {
    const memory = new TraceMemory();
    const told = Array.from({ length: 50 }, (_, n) => memory.update(inner(n + 2, 101, { tags: [`t${n}`] })));
    expect(told.filter(({ concernsTrace }) => concernsTrace)).toHaveLength(20);
    const { concernsTrace, fields } = memory.update(ROOT);
    expect(concernsTrace).toBe(true);
    expect(fields.tags).toHaveLength(50);
  });

  it('shows the content it was given, else that of its root, else that of the entry from elsewhere', () => {
    const memory = new TraceMemory();
    const entry = memory.update(observation({ ...inner(2, 101), position: 'local' }));
    const given = memory.update(inner(3, 102, { output: 'answer' }));
    const root = memory.update(ROOT);
    const late = memory.update(observation({ ...inner(4, 103), position: 'local' }));
    expect([entry, given, root, late].map(({ lendsContent }) => lendsContent)).toEqual([true, false, true, false]);
    expect([given, root, late].map(({ fields }) => fields.output)).toEqual(['answer', 'answer', undefined]);
  });

  it('holds no content after the root has spoken, and before that only so much', () => {
    const memory = new TraceMemory(100, 1_000);
    const of = (traceId: string, trace: TraceFields = {}) =>
      memory.update(observation({ ...inner(2, 101, trace), traceId })).fields.input;
    of('a', { input: 'x'.repeat(600) });
    expect(of('b', { input: 'y'.repeat(600) })).toHaveLength(600);
    expect(of('a')).toBeUndefined();
    memory.update(observation({ ...ROOT, traceId: 'c', trace: { input: 'z' } }));
    expect(of('c')).toBeUndefined();
  });

  it('is forgotten for the trace longest unused', () => {
    const memory = new TraceMemory(2);
    const of = (traceId: string, trace: TraceFields = {}) =>
      memory.update(observation({ ...inner(2, 101, trace), traceId }));
    of('a', { userId: 'u' });
    of('b');
    of('a');
    of('c');
    expect(of('a').spanFields.userId).toBe('u');
    expect(of('b').concernsTrace).toBe(true);
  });
});
