import type { DeliveryLoop } from '../delivery/delivery-loop.js';
import type { SpanGroup } from '../intake/span-group.js';
import { settlementOf } from '../intake/span-groups.js';
import type { Clock } from '../ports.js';
import { within } from '../runtime/deadline.js';

export interface WaitParts {
  readonly clock: Clock;
  readonly loop: DeliveryLoop;
  /** Spans that are not records yet: while there are any, something moves. */
  readonly unprepared: () => number;
}

/**
 * Waits until every span of `groups` is settled, or nothing can move before the deadline: the circuit stays open for
 * longer, or somebody has to mend something first. Holds the process open meanwhile. True when time was over first.
 */
export async function settledOrStalled(
  groups: readonly SpanGroup[],
  deadline: number,
  { clock, loop, unprepared }: WaitParts,
): Promise<boolean> {
  if (groups.every((group) => group.isSettled)) return false;
  const { settled, stop } = settlementOf(groups);
  let stopWatching = (): void => {};
  const stalled = new Promise<void>((resolve) => {
    stopWatching = loop.watchStalls(({ waitMs, reason }) => {
      const isPointless = reason === 'refused' || clock.now() + waitMs >= deadline;
      if (unprepared() === 0 && isPointless) resolve();
    });
  });
  const inTime = await within(clock, deadline - clock.now(), Promise.race([settled, stalled]));
  stopWatching();
  stop();
  return !inTime;
}
