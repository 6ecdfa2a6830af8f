import type { HrTime } from '../span.js';

/** A moment that anything `Date` understands names; undefined for what it does not. */
export function toHrTime(text: string): HrTime | undefined {
  const ms = Date.parse(text);
  return Number.isNaN(ms) || ms < 0 ? undefined : [Math.floor(ms / 1000), (ms % 1000) * 1e6];
}

/** A span of seconds later, in whole milliseconds rounded up as the server rounds: never before it came. */
export function plusSeconds(start: HrTime, later: number): HrTime | undefined {
  if (!Number.isFinite(later) || later < 0 || later > 86_400) return undefined;
  // Seconds made from milliseconds are off by a fraction of a nanosecond.
  const ms = toMs(start) + Math.ceil(Number((later * 1000).toFixed(6)));
  return [Math.floor(ms / 1000), (ms % 1000) * 1e6];
}

/** Milliseconds since the epoch, cut as the server cuts. */
export function toMs([seconds, nanoseconds]: HrTime): number {
  return seconds * 1000 + Math.floor(nanoseconds / 1e6);
}

export function isBefore(a: HrTime, b: HrTime): boolean {
  return a[0] === b[0] ? a[1] < b[1] : a[0] < b[0];
}
