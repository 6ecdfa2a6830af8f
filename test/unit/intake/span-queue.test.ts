import { describe, expect, it } from 'vitest';
import { SpanGroup } from '../../../src/intake/span-group.js';
import { type QueuedSpan, SpanQueue } from '../../../src/intake/span-queue.js';
import { fc } from '../../support/seeded-check.js';
import { spanLike } from '../../support/spans.js';

describe('the span queue', () => {
  it('gives back what was put in, in order, and always knows how much it holds', () => {
    const group = new SpanGroup();
    const span = spanLike();
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(100), fc.constant('take' as const)), { maxLength: 3_000 }), (steps) => {
        const queue = new SpanQueue();
        const model: QueuedSpan[] = [];
        for (const step of steps) {
          if (step === 'take') expect(queue.take()).toBe(model.shift());
          else {
            const entry = { span, group, bytes: step };
            queue.push(entry);
            model.push(entry);
          }
          expect(queue.peek()).toBe(model[0]);
        }
        expect(queue.length).toBe(model.length);
        expect(queue.bytes).toBe(model.reduce((sum, { bytes }) => sum + bytes, 0));
      }),
      { numRuns: 50 },
    );
  });
});
