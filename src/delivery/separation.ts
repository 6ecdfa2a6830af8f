import type { Held } from '../ports.js';
import { halvesOf } from './bisection.js';
import type { SendPart } from './in-parts.js';
import type { BatchContext, Unsettled } from './unsettled.js';

/**
 * So many parts failed in a row, one within the other for the most part: then it is the server after all. A batch of
 * 2,048 is down to a single record after eleven.
 */
const ENOUGH_FAILURES = 12;

/**
 * Halves a batch that fails while others pass, until the records that fail are alone; the rest is delivered on the way.
 * Ends as soon as nothing passes any more.
 */
export async function separate(context: BatchContext, batch: readonly Held[], send: SendPart): Promise<Unsettled> {
  const { breaker, evidence } = context.parts;
  const parts = [...halvesOf(batch)];
  const left: Held[] = [];
  let failuresInARow = 0;
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const permit = breaker.permit();
    const before = evidence.now();
    const rest: Unsettled = permit ? await send(part, permit) : { held: part, giveBack: true };
    failuresInARow = evidence.hasPassedSince(before) ? 0 : failuresInARow + 1;
    const isServer = failuresInARow === ENOUGH_FAILURES;
    if (permit && isServer) breaker.fail(permit);
    if (rest.giveBack || isServer)
      return { held: [...left, ...rest.held, ...parts.flat()], giveBack: rest.giveBack === true };
    if (rest.isSuspect && rest.held.length > 1 && !context.bisection.isHopeless())
      parts.unshift(...halvesOf(rest.held));
    else left.push(...rest.held);
  }
  return { held: left };
}
