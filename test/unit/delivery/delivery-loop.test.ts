import { describe, expect, it } from 'vitest';
import { LangfuseError } from '../../../src/errors.js';
import { imbalanceOf } from '../../../src/ledger/ledger.js';
import type { Outcome } from '../../../src/model.js';
import { ACCEPTED, BROKEN, deliveryWorld } from '../../support/delivery-world.js';
import { spanId } from '../../support/observations.js';

describe('delivery', () => {
  it('lets other batches go while one rests between two attempts', async () => {
    const sent: number[] = [];
    const world = deliveryWorld(async (_, records) => {
      sent.push(Number.parseInt(records[0]?.spanId ?? '', 16));
      return sent.length === 1 ? BROKEN : ACCEPTED;
    });
    world.append(20);
    await world.clock.advance(10);
    expect(sent).toEqual([1, 11]);
    await world.clock.advance(1_000);
    expect(sent).toEqual([1, 11, 1]);
    expect(world.ledger.read().delivered).toBe(20);
  });

  it('waits also without budget, ever longer: a batch that is given back does not come round at once', async () => {
    const at: number[] = [];
    // The first record never works, without being a failure of the server.
    const world = deliveryWorld(async () => {
      at.push(world.clock.now());
      return {
        kind: 'partial',
        rejected: new Map(),
        retry: new Set([0]),
        traceEventRejections: [],
        cause: BROKEN.cause,
      };
    });
    world.append(1);
    await world.clock.advance(120_000);
    expect(at.length).toBeGreaterThan(15);
    const waits = at.slice(1).map((time, n) => time - (at[n] ?? 0));
    expect(waits.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(Math.min(...waits.slice(4))).toBe(8_000);
  });

  it('costs the batch, and nothing else, when our own code throws', async () => {
    let calls = 0;
    const world = deliveryWorld(async () => {
      calls++;
      if (calls === 1) throw new TypeError('a mistake');
      return ACCEPTED;
    });
    world.append(20);
    await world.clock.advance(100);
    const ledger = world.ledger.read();
    expect([ledger.delivered, ledger.dropped.internal_error]).toEqual([10, 10]);
    expect(imbalanceOf(ledger)).toBeUndefined();
    expect(world.lines).toEqual([expect.stringMatching(/INTERNAL_ERROR: delivery failed.*a mistake/)]);
  });

  it('singles out a record that cannot be written', async () => {
    const cause = new LangfuseError('INTERNAL_ERROR', 'a span could not be written', { isRetryable: false });
    const world = deliveryWorld(async (_, records) =>
      records.some((one) => one.spanId === spanId(7)) ? { kind: 'refused', cause } : ACCEPTED,
    );
    world.append(10);
    await world.clock.advance(100);
    const { delivered, dropped } = world.ledger.read();
    expect([delivered, dropped.serialization_error]).toEqual([9, 1]);
  });

  it('tries an open circuit at once when a shutdown begins, then after half of what is left, again and again', async () => {
    const at: number[] = [];
    const world = deliveryWorld(async () => {
      at.push(world.clock.now());
      return BROKEN;
    });
    world.append(1);
    await world.clock.advance(20_000);
    const before = at.length;
    const start = world.clock.now();
    world.patience.limit(start + 8_000);
    world.loop.drain();
    await world.clock.advance(8_000);
    expect(at.slice(before).map((time) => time - start)).toEqual([0, 4_000, 6_000, 7_000, 7_500, 7_750, 8_000]);
  });

  it('keeps away in a shutdown as long as the server asked for', async () => {
    let calls = 0;
    const throttled: Outcome = { ...BROKEN, afterMs: 60_000 };
    const world = deliveryWorld(async () => {
      calls++;
      return throttled;
    });
    world.append(1);
    await world.clock.advance(100);
    world.patience.limit(world.clock.now() + 10_000);
    world.loop.drain();
    await world.clock.advance(10_000);
    expect(calls).toBe(1);
  });
});
