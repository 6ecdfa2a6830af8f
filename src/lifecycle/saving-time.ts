/** To save what is left takes longer than it was measured: each record is written as well. */
const FACTOR = 2;
/** More would be nothing but saving, and a server that answers gets most of it quickly. */
const MOST = 0.9;

/**
 * How much of the end of a shutdown belongs to the disk: for records, `leastMs`, and for what has to become one first,
 * which takes `backlogMs`.
 */
export function savingTime(timeoutMs: number, leastMs: number, backlogMs: number): number {
  return Math.max(leastMs, Math.min(FACTOR * backlogMs, MOST * timeoutMs));
}
