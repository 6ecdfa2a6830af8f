import type { DeliveryLoop } from '../delivery/delivery-loop.js';
import type { Clock } from '../ports.js';
import { within } from '../runtime/deadline.js';
import type { Store } from '../store.js';

/** A shutdown that has nothing else to do goes on for so long with what others left: a fourth of its time at most. */
const REPLAY_MS = 2_000;
const REPLAY_SHARE = 0.25;

/**
 * Short-lived processes would leave left-overs to each other for ever, so a shutdown sends some. What is on its way
 * then is waited for: cut off, it would be sent twice. So is what is looked for, and sent because it is not there.
 */
export async function finishReplay(clock: Clock, loop: DeliveryLoop, store: Store, deadline: number): Promise<void> {
  const left = deadline - clock.now();
  const replayUntil = clock.now() + Math.min(REPLAY_MS, left * REPLAY_SHARE);
  while (!loop.isIdle && store.spool.waiting > 0 && clock.now() < replayUntil) {
    await within(clock, replayUntil - clock.now(), loop.whenIdle());
  }
  store.stopReplay();
  while (!loop.isIdle && clock.now() < deadline) await within(clock, deadline - clock.now(), loop.whenIdle());
}
