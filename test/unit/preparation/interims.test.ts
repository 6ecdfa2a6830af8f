import { describe, expect, it } from 'vitest';
import { pureMask } from '../../../src/explain/pure-mask.js';
import type { SpanGroup } from '../../../src/intake/span-group.js';
import type { QueuedSpan } from '../../../src/intake/span-queue.js';
import type { MaskFunction } from '../../../src/mask-function.js';
import type { MaskOptions } from '../../../src/options/mask-options.js';
import type { InterimHeld, InterimStore, Sampling } from '../../../src/ports.js';
import { Interims } from '../../../src/preparation/interims.js';
import { Translation } from '../../../src/preparation/translation.js';
import { corpusSpans } from '../../support/corpus-spans.js';
import { ManualClock } from '../../support/manual-clock.js';
import { record, spanId } from '../../support/observations.js';
import { spanLike } from '../../support/spans.js';

const translationWith = (mask?: MaskFunction | MaskOptions): Translation =>
  new Translation({ options: {}, mask: mask && pureMask(mask) });

describe('a preview of a span', () => {
  it('changes nothing of what becomes of it and of others', () => {
    const spans = corpusSpans();
    const beside = translationWith();
    const without = translationWith();
    for (const span of spans) {
      beside.preview(span, undefined, []);
      expect(beside.toRecordNow(span)).toEqual(without.toRecordNow(span));
    }
  });

  it('is what the span would be if it came now', () => {
    const translation = translationWith();
    for (const span of corpusSpans()) {
      const preview = translation.preview(span, undefined, []);
      expect(preview).toEqual(translation.toRecordNow(span));
    }
  });

  it('shows nothing that a mask would have to see, and does not ask one twice that takes its time', async () => {
    let asked = 0;
    const translation = translationWith({
      content: async ({ data }) => {
        asked++;
        return data.replaceAll('SECRET', 'S');
      },
    });
    const attributes = { 'langfuse.observation.input': 'a SECRET', 'langfuse.user.id': 'alice', note: 'SECRET' };
    const resource = { attributes: { 'service.name': 'SECRET service' } };
    const [first, second] = [
      spanLike({ id: spanId(1), attributes, resource }),
      spanLike({ id: spanId(2), attributes, resource }),
    ];
    const told = translation.read(first);
    const soFar = translation.soFar(first, told);
    const before = asked;
    const preview = translation.preview(second, undefined, []);
    expect(asked).toBe(before);
    for (const interim of [soFar, preview]) {
      expect(interim).toMatchObject({ input: '[withheld: the mask had not answered]' });
      expect(interim.resource.attributes).toContain('[withheld: the mask had not answered]');
      expect(JSON.stringify(interim)).not.toContain('SECRET');
    }
    // What was withheld meanwhile is remembered nowhere.
    const complete = JSON.stringify(translation.toRecord(await told));
    expect(complete).toContain('a S');
    expect(complete).toContain('S service');
    expect(complete).not.toContain('withheld');
  });

  it('hides identifiers wherever they stand, while their mask has not answered', async () => {
    const translation = translationWith({ identifiers: async ({ data }) => `masked ${data}` });
    const attributes = { 'langfuse.user.id': 'alice', 'langfuse.session.id': 'one', 'user.id': 'alice' };
    const span = spanLike({ attributes });
    const told = translation.read(span);
    expect(JSON.stringify(translation.soFar(span, told))).not.toContain('alice');
    expect(translation.toRecord(await told).trace.userId).toBe('"masked alice"');
  });

  it('keeps what a mask has answered for', () => {
    const translation = translationWith({
      content: ({ key, data }) => (key === 'output' ? new Promise(() => {}) : data.toUpperCase()),
    });
    const span = spanLike({
      attributes: { 'langfuse.observation.input': 'question', 'langfuse.observation.output': 'answer' },
    });
    const soFar = translation.soFar(span, translation.read(span));
    expect(soFar).toMatchObject({ input: 'QUESTION', output: '[withheld: the mask had not answered]' });
  });
});

describe('what waits before it is complete', () => {
  function world(sampling?: Sampling) {
    const clock = new ManualClock();
    const written: InterimHeld[][] = [];
    const ended: string[] = [];
    const left = new Set<string>();
    const store: InterimStore = {
      append: (held) => void written.push([...held]),
      end: ({ recordId }) => void ended.push(recordId),
      leave: ({ recordId }) => left.has(recordId),
    };
    const queued = (n: number): QueuedSpan => ({
      ...{ span: spanLike({ id: spanId(n) }), group: {} as SpanGroup, bytes: 1, sampling },
    });
    return { clock, store, written, ended, left, queued, interims: new Interims(store, clock) };
  }

  it('is written in the next turn, all at once, and once', async () => {
    const { clock, written, queued, interims } = world();
    const [first, second] = [queued(1), queued(2)];
    interims.wait(first, () => record({ id: spanId(1) }));
    interims.wait(second, () => record({ id: spanId(2) }));
    expect(written).toEqual([]);
    await clock.advance(0);
    interims.wait(first, () => record({ id: spanId(1) }));
    await clock.advance(0);
    expect(written.map((held) => held.length)).toEqual([2]);
    expect(interims.take(first.span)?.recordId).toContain(spanId(1));
    expect(interims.take(first.span)).toBeUndefined();
  });

  it('costs nothing when it is complete before', async () => {
    const { clock, written, queued, interims } = world();
    const one = queued(1);
    interims.wait(one, () => record());
    expect(interims.take(one.span)).toBeUndefined();
    await clock.advance(0);
    expect(written).toEqual([]);
  });

  it('is written in slices when there is much of it', async () => {
    const { clock, written, queued, store } = world();
    let now = 0;
    const interims = new Interims(store, { now: () => now, soon: (fn) => clock.soon(fn) });
    for (let n = 0; n < 10; n++) {
      interims.wait(queued(n), () => {
        now += 2;
        return record({ id: spanId(n) });
      });
    }
    await clock.advance(0);
    expect(written.map((held) => held.length)).toEqual([3, 3, 3, 1]);
  });

  it('is not written when its trace is given up, or when it cannot be translated', async () => {
    const condemned = world({
      probability: 1,
      isCondemned: true,
      isPartial: false,
      traceState: undefined,
      commit() {},
    });
    condemned.interims.wait(condemned.queued(1), () => record());
    await condemned.clock.advance(0);
    const { clock, written, queued, interims } = world();
    interims.wait(queued(1), () => {
      throw new Error('a hostile getter');
    });
    await clock.advance(0);
    expect([...condemned.written, ...written]).toEqual([]);
  });

  it('is ended on disk when the span gets no record, and left there when the process ends first', async () => {
    const { clock, ended, left, queued, interims } = world();
    const [first, second] = [queued(1), queued(2)];
    interims.wait(first, () => record({ id: spanId(1) }));
    interims.wait(second, () => record({ id: spanId(2) }));
    await clock.advance(0);
    interims.end(first.span);
    expect(ended).toHaveLength(1);
    left.add(record({ id: spanId(2) }).id);
    expect([interims.leave(first), interims.leave(second), interims.leave(second)]).toEqual([false, true, false]);
  });
});
