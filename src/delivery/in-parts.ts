import type { Held } from '../ports.js';
import type { CircuitBreaker, Permit } from './circuit-breaker.js';
import type { Unsettled } from './unsettled.js';

export type SendPart = (part: readonly Held[], permit: Permit) => Promise<Unsettled>;

/**
 * Sends one part after the other, as long as requests may go; what is left of all.
 *
 * @param first - leave for the first of them, if there is one already.
 */
export async function inParts(
  parts: readonly (readonly Held[])[],
  breaker: CircuitBreaker,
  send: SendPart,
  first?: Permit,
): Promise<Unsettled> {
  const left: Held[] = [];
  let giveBack = false;
  let afterMs: number | undefined;
  for (const [position, part] of parts.entries()) {
    const permit = giveBack ? undefined : ((position === 0 ? first : undefined) ?? breaker.permit());
    const rest: Unsettled = permit ? await send(part, permit) : { held: part, giveBack: true };
    left.push(...rest.held);
    giveBack ||= rest.giveBack === true;
    if (rest.afterMs !== undefined) afterMs = Math.max(rest.afterMs, afterMs ?? 0);
  }
  return { held: left, giveBack, afterMs };
}
