import { describe, expect, it } from 'vitest';
import { LangfuseError } from '../../../src/errors.js';
import { imbalanceOf } from '../../../src/ledger/ledger.js';
import type { Outcome } from '../../../src/outcome.js';
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

  it('burns no attempt while the circuit is open, and none with a probe', async () => {
    let isDown = true;
    let calls = 0;
    const send = async (): Promise<Outcome> => {
      calls++;
      return isDown ? BROKEN : ACCEPTED;
    };
    // Three attempts open the circuit; a fourth, if it counted, would be the last.
    const world = deliveryWorld(send, { maxAttempts: 4, openMs: 5_000 });
    world.append(5);
    await world.clock.advance(3_600_000);
    expect(calls).toBeGreaterThan(500);
    expect(world.ledger.read()).toMatchObject({ queued: 5, delivered: 0 });
    isDown = false;
    await world.clock.advance(5_000);
    expect(world.ledger.read()).toMatchObject({ queued: 0, delivered: 5 });
  });

  it('is put on hold by a mistake, asks again after 30 s, 60 s, …, and goes on by itself when it is mended', async () => {
    const at: number[] = [];
    let isMended = false;
    const cause = new LangfuseError('AUTH_ERROR', 'wrong keys', { status: 401 });
    const world = deliveryWorld(async () => {
      at.push(world.clock.now());
      return isMended ? ACCEPTED : { kind: 'hold', cause };
    });
    world.append(20);
    await world.clock.advance(100_000);
    expect(at.slice(1).map((time, n) => time - (at[n] ?? 0))).toEqual([30_000, 60_000]);
    expect(world.breaker.status()).toMatchObject({ state: 'hold', reason: 'refused' });
    expect(world.ledger.read().queued).toBe(20);
    isMended = true;
    await world.clock.advance(120_000);
    expect(world.ledger.read()).toMatchObject({ delivered: 20, queued: 0 });
  });

  it('rests before the next request when the last one used up a rate limit', async () => {
    const at: number[] = [];
    const world = deliveryWorld(async () => {
      at.push(world.clock.now());
      return at.length === 1 ? { ...ACCEPTED, restMs: 20_000 } : ACCEPTED;
    });
    world.append(30);
    await world.clock.advance(60_000);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(20_000);
    expect(world.ledger.read().delivered).toBe(30);
    expect(world.breaker.status().failures).toBe(0);
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
