import { describe, expect, it } from 'vitest';
import { Patience, PatientTransport } from '../../../src/delivery/patience.js';
import type { HttpResponse, Transport } from '../../../src/ports.js';
import { ManualClock } from '../../support/manual-clock.js';

const REQUEST = { method: 'GET', path: '/', headers: {} } as const;

/** Answers nothing, until it is aborted. */
const silent: Transport = {
  send: (_, signal) =>
    new Promise<HttpResponse>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    }),
  async close() {},
};

function patient() {
  const clock = new ManualClock();
  const patience = new Patience(clock);
  const transport = new PatientTransport(silent, patience, clock);
  const outcome: unknown[] = [];
  const send = (signal: AbortSignal = new AbortController().signal): void => {
    transport.send(REQUEST, signal).catch((error: unknown) => outcome.push(error));
  };
  return { clock, patience, transport, outcome, send };
}

describe('patience', () => {
  it('is without limit until a shutdown sets a deadline, then half of what is left, but no hectic', async () => {
    const { clock, patience } = patient();
    expect(patience.of(60_000)).toBe(60_000);
    patience.limit(clock.now() + 10_000);
    expect([patience.of(60_000), patience.of(100)]).toEqual([5_000, 100]);
    await clock.advance(9_900);
    expect(patience.of(60_000)).toBe(250);
  });

  it('cuts off requests that are under way when the deadline is set, and reads as a time-out', async () => {
    const { clock, patience, transport, outcome, send } = patient();
    send();
    await clock.advance(60_000);
    patience.limit(clock.now() + 2_000);
    transport.limited();
    await clock.advance(999);
    expect(outcome).toEqual([]);
    await clock.advance(1);
    expect(outcome).toEqual([expect.objectContaining({ code: 'ETIMEDOUT' })]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('gives later requests half of what is left to them', async () => {
    const { clock, patience, outcome, send } = patient();
    patience.limit(clock.now() + 2_000);
    await clock.advance(1_000);
    send();
    await clock.advance(500);
    expect(outcome).toHaveLength(1);
  });

  it('passes on that the request was aborted, with the reason', async () => {
    const { clock, outcome, send } = patient();
    const controller = new AbortController();
    send(controller.signal);
    controller.abort('enough');
    send(controller.signal);
    await clock.advance(0);
    expect(outcome).toContain('enough');
  });
});
