import { type HrTime, LAST_SECOND } from '../span.js';

/** A moment that anything `Date` understands names; undefined for what it does not, and for what no server keeps. */
export function toHrTime(text: string): HrTime | undefined {
  return fromMs(Date.parse(text));
}

/** A span of seconds later, in whole milliseconds rounded up as the server rounds: never before it came. */
export function plusSeconds(start: HrTime, later: number): HrTime | undefined {
  if (!Number.isFinite(later) || later < 0 || later > 86_400) return undefined;
  // Seconds made from milliseconds are off by a fraction of a nanosecond.
  const ms = toMs(start) + Math.ceil(Number((later * 1000).toFixed(6)));
  return fromMs(ms);
}

function fromMs(ms: number): HrTime | undefined {
  const seconds = Math.floor(ms / 1000);
  return seconds >= 0 && seconds <= LAST_SECOND ? [seconds, (ms - seconds * 1000) * 1e6] : undefined;
}

/** Milliseconds since the epoch, cut as the server cuts. */
export function toMs([seconds, nanoseconds]: HrTime): number {
  return seconds * 1000 + Math.floor(nanoseconds / 1e6);
}

export function isBefore(a: HrTime, b: HrTime): boolean {
  return a[0] === b[0] ? a[1] < b[1] : a[0] < b[0];
}
