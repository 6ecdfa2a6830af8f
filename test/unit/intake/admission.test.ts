import { describe, expect, it } from 'vitest';
import { Admission } from '../../../src/intake/admission.js';
import { MemoryRoom } from '../../../src/intake/memory-room.js';
import { SpanGroup } from '../../../src/intake/span-group.js';
import { SpanQueue } from '../../../src/intake/span-queue.js';
import { LedgerBook } from '../../../src/ledger/ledger.js';
import type { Sampling } from '../../../src/ports.js';
import { spanLike } from '../../support/spans.js';

const NOTHING_BEHIND = { waiting: 0, leased: 0, size: 0 };
const NO_ROOM_TO_MAKE = { entered() {}, makeRoom: () => false };

type Door = Partial<ConstructorParameters<typeof Admission>[0]> & {
  readonly maxSpans?: number;
  readonly maxBytes?: number;
  readonly behind?: ConstructorParameters<typeof MemoryRoom>[2];
};

function door({ maxSpans = 10, maxBytes = 1_000_000, behind = NOTHING_BEHIND, ...over }: Door = {}) {
  const queue = new SpanQueue();
  const ledger = new LedgerBook(() => ({ queued: queue.length, inFlight: 0, spooled: 0 }));
  const room = new MemoryRoom({ maxSpans, maxBytes }, queue, behind);
  const options = { keeps: () => true, judge: () => undefined, room, backpressure: NO_ROOM_TO_MAKE, ...over };
  return { queue, ledger, group: new SpanGroup(), admission: new Admission(options, queue, ledger) };
}

/** Whose trace is given up to make room for it. */
function givenUp(rescueErrors: boolean) {
  let isCondemned = false;
  const sampling: Sampling = {
    probability: 0.5,
    get isCondemned() {
      return isCondemned;
    },
    isPartial: false,
    traceState: undefined,
    commit() {},
  };
  const made = door({
    rescueErrors,
    judge: () => sampling,
    room: { isFull: true },
    backpressure: {
      entered() {},
      makeRoom: () => {
        isCondemned = true;
        return true;
      },
    },
  });
  const admit = (code: number) => made.admission.admit(spanLike({ status: { code } }), made.group);
  return { ...made, admit };
}

describe('a span for which its own trace was given up', () => {
  it('is sampled out with it', () => {
    expect(givenUp(false).admit(2)).toBe('sampledOut');
    expect(givenUp(true).admit(1)).toBe('sampledOut');
  });

  it('comes in by itself when it has an error, and errors are rescued', () => {
    const { admit, queue, ledger } = givenUp(true);
    expect(admit(2)).toBe('accepted');
    expect(queue.peek()?.sampling).toMatchObject({ isPartial: true, isCondemned: false });
    expect(ledger.read()).toMatchObject({ accepted: 1, sampledOut: 0, queued: 1 });
  });
});

describe('admission', () => {
  it('takes a sampled span and counts it', () => {
    const { admission, group, queue, ledger } = door();
    expect(admission.admit(spanLike(), group)).toBe('accepted');
    expect([queue.length, ledger.read().accepted, group.counts().held]).toEqual([1, 1, 1]);
  });

  it('leaves alone what the sampler turned away, without asking the filter', () => {
    const { admission, group, ledger } = door({
      keeps: () => {
        throw new Error('asked');
      },
    });
    const span = spanLike({ spanContext: () => ({ traceId: 'a', spanId: 'b', traceFlags: 0 }) });
    expect(admission.admit(span, group)).toBe('unsampled');
    expect(ledger.read().unsampled).toBe(1);
  });

  it('refuses the newest span when the queue is full by count', () => {
    const { admission, group, ledger } = door({ maxSpans: 2 });
    const admitted = [1, 2, 3].map(() => admission.admit(spanLike(), group));
    expect(admitted).toEqual(['accepted', 'accepted', 'queue_full']);
    expect(ledger.read().refused.queue_full).toBe(1);
  });

  it('refuses the newest span when the queue is full by bytes', () => {
    const { admission, group } = door({ maxBytes: 2_000 });
    const span = spanLike({ attributes: { text: 'x'.repeat(3_000) } });
    expect([admission.admit(span, group), admission.admit(span, group)]).toEqual(['accepted', 'queue_full']);
  });

  it('counts what waits behind the queue and what is in flight against the bound', () => {
    const { admission, group } = door({ maxSpans: 5, behind: { waiting: 2, leased: 3, size: 0 } });
    expect(admission.admit(spanLike(), group)).toBe('queue_full');
  });

  it('counts a span whose filter throws as refused, and does not throw', () => {
    const { admission, group, ledger } = door({
      keeps: () => {
        throw new Error('from the application');
      },
    });
    expect(admission.admit(spanLike(), group)).toBe('internal_error');
    expect(ledger.read().refused.internal_error).toBe(1);
  });

  it('takes a span whose attribute throws when it is read: translation will judge it', () => {
    const { admission, group } = door();
    const attributes = Object.defineProperty({}, 'trap', {
      enumerable: true,
      get() {
        throw new Error('trap');
      },
    });
    expect(admission.admit(spanLike({ attributes }), group)).toBe('accepted');
  });

  it('takes nothing once it is closed', () => {
    const { admission, group } = door();
    admission.close();
    expect(admission.admit(spanLike(), group)).toBe('already_shutdown');
  });
});
