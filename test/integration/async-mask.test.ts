import { describe, expect, it } from 'vitest';
import type { MaskFunction } from '../../src/index.js';
import { exporting } from '../support/exporting.js';
import { spanId } from '../support/observations.js';
import { postsTo } from '../support/posts.js';
import { spanLike } from '../support/spans.js';

/** A mask that answers when the test says so. */
function heldMask() {
  const held: (() => void)[] = [];
  let isOpen = false;
  const mask: MaskFunction = ({ data, key }) => {
    if (key !== 'input' || isOpen) return data;
    return new Promise((resolve) => held.push(() => resolve(data.replace('SECRET', '***'))));
  };
  const open = (): void => {
    isOpen = true;
    for (const answer of held.splice(0)) answer();
  };
  return { mask, held, open };
}

const CHAT = { 'gen_ai.operation.name': 'chat', 'langfuse.observation.input': 'a SECRET' };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('spans whose mask has not answered', () => {
  it('are waited for by a flush, and are queued meanwhile', async () => {
    const { mask, held, open } = heldMask();
    const { processor, server, endSpans } = await exporting('v4-events-only', {
      mask: { content: mask, timeoutMs: 60_000 },
    });
    endSpans(3, CHAT);
    const flush = processor.flush();
    while (held.length < 3) await turn();
    expect(processor.status().ledger).toMatchObject({ accepted: 3, queued: 3, inFlight: 0 });
    expect(postsTo(server)).toEqual([]);
    open();
    expect(await flush).toMatchObject({ delivered: 3, pending: 0, deadlineHit: false });
    expect(server.observations().map(({ input }) => input)).toEqual(['a ***', 'a ***', 'a ***']);
  });

  it('are given up when the shutdown has no time left, without a word of them having left', async () => {
    const { mask } = heldMask();
    const { processor, server, endSpans } = await exporting('v4-events-only', {
      mask: { content: mask, timeoutMs: 60_000 },
    });
    endSpans(200, CHAT);
    const report = await processor.close({ timeoutMs: 100 });
    expect(report).toMatchObject({ accepted: 200, queued: 0, dropped: { shutdown_deadline: 200 }, deadlineHit: true });
    expect(postsTo(server)).toEqual([]);
  });

  it('leave in the order in which they ended, whichever mask answers first', async () => {
    let left = 20;
    const mask: MaskFunction = async ({ data, key }) => {
      if (key === 'input') for (let n = left--; n > 0; n--) await turn();
      return data;
    };
    const { processor, server, endSpans } = await exporting('v4-events-only', { mask });
    endSpans(20, CHAT);
    await processor.flush();
    const names = server.observations().map(({ name }) => name);
    expect(names).toEqual(Array.from({ length: 20 }, (_, n) => `span ${n}`));
  });

  it('count against the bounds of the queue, and are not asked about all at once', async () => {
    const { mask, held, open } = heldMask();
    const { processor, endSpans } = await exporting('v4-events-only', {
      mask: { content: mask, timeoutMs: 60_000 },
      queue: { maxSpans: 150 },
      backpressure: { strategy: 'off' },
      exportMode: 'immediate',
    });
    endSpans(100, CHAT);
    while (held.length < 64) await turn();
    for (let n = 0; n < 20; n++) await turn();
    expect(held).toHaveLength(64);
    endSpans(100, CHAT);
    expect(processor.status().ledger).toMatchObject({ accepted: 150, queued: 150, refused: { queue_full: 50 } });
    open();
    expect(await processor.flush()).toMatchObject({ delivered: 150 });
  });

  it.each([false, true])(
    'are given up with their trace, but for errors that are rescued (%s)',
    async (rescueErrors) => {
      const { mask, held, open } = heldMask();
      const { processor, server } = await exporting('v4-events-only', {
        mask: { content: mask, timeoutMs: 60_000 },
        queue: { maxSpans: 100 },
        exportMode: 'immediate',
        backpressure: { rescueErrors },
      });
      let ended = 0;
      const end = (traceId: string, code = 0): void =>
        processor.onEnd(spanLike({ id: spanId(++ended), traceId, attributes: CHAT, status: { code } }));
      // The trace with the highest fraction goes first; the spans of the others keep it from leaving.
      const first = 'f'.repeat(32);
      end(first);
      end(first, 2);
      while (held.length < 2) await turn();
      for (let n = 1; n <= 90; n++) end(n.toString(16).padStart(32, '0'));
      while (held.length < 64) await turn();
      end(first);
      for (let n = 91; n <= 98; n++) end(n.toString(16).padStart(32, '0'));
      expect(processor.status().ledger).toMatchObject({ accepted: 101, refused: { queue_full: 0 } });
      open();
      await processor.flush();
      const left = server.observations().filter(({ traceId }) => traceId === first);
      expect(left.map(({ id }) => id)).toEqual(rescueErrors ? [spanId(2)] : []);
      const { sampledOut, delivered } = processor.status().ledger;
      expect(sampledOut + delivered).toBe(101);
      expect(sampledOut).toBeGreaterThanOrEqual(rescueErrors ? 2 : 3);
    },
  );

  it('do not hold up the spans of a mask that hangs for longer than its time', async () => {
    const { processor, server, endSpans, errors } = await exporting('v4-events-only', {
      mask: { content: ({ key, data }) => (key === 'input' ? new Promise(() => {}) : data), timeoutMs: 20 },
    });
    endSpans(130, CHAT);
    expect(await processor.flush()).toMatchObject({ delivered: 130, dropped: 0 });
    expect(new Set(server.observations().map(({ input }) => input))).toEqual(
      new Set(['[withheld: the mask took too long]']),
    );
    expect(errors.map(({ context }) => context.operation)).toEqual(['mask']);
  });
});

it('a slow mask does not keep the application from its turns', async () => {
  let asked = 0;
  const mask: MaskFunction = ({ data, key }) => {
    if (key === 'input') {
      asked++;
      const until = performance.now() + 10;
      while (performance.now() < until);
    }
    return data;
  };
  const { processor, endSpans } = await exporting('v4-events-only', { mask });
  endSpans(30, CHAT);
  const flush = processor.flush();
  const perTurn: number[] = [];
  for (let before = 0; asked < 30; before = asked) {
    await turn();
    perTurn.push(asked - before);
  }
  await flush;
  expect(Math.max(...perTurn)).toBe(1);
});

it('a mask never runs on the stack of the application', async () => {
  let isEnding = false;
  const seen: boolean[] = [];
  const mask: MaskFunction = ({ data }) => {
    seen.push(isEnding);
    return data;
  };
  const { processor, endSpans } = await exporting('v4-events-only', { mask, exportMode: 'immediate' });
  isEnding = true;
  endSpans(10, CHAT);
  isEnding = false;
  await processor.flush();
  expect(seen.length).toBeGreaterThan(10);
  expect(seen).not.toContain(true);
});
