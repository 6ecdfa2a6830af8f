import type { HrTime } from '../span.js';

/** A moment that anything `Date` understands names; undefined for what it does not. */
export function toHrTime(text: string): HrTime | undefined {
  const ms = Date.parse(text);
  return Number.isNaN(ms) || ms < 0 ? undefined : [Math.floor(ms / 1000), (ms % 1000) * 1e6];
}

/** A span of seconds later. */
export function plusSeconds([seconds, nanoseconds]: HrTime, later: number): HrTime | undefined {
  if (!Number.isFinite(later) || later < 0 || later > 86_400) return undefined;
  const nanos = nanoseconds + Math.round(later * 1e9);
  return [seconds + Math.floor(nanos / 1e9), nanos % 1e9];
}

export function isBefore(a: HrTime, b: HrTime): boolean {
  return a[0] === b[0] ? a[1] < b[1] : a[0] < b[0];
}
