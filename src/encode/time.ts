import type { HrTime } from '../span.js';

/** ISO 8601 in UTC with milliseconds, cut as the server cuts: the only precision Langfuse keeps. */
export function toIso([seconds, nanoseconds]: HrTime): string {
  return msToIso(seconds * 1000 + Math.floor(nanoseconds / 1e6));
}

/** Times come in order, mostly: what they begin with is made once for those of a second. */
let lastSecond = Number.NaN;
let lastBeginning = '';

/** ISO 8601 in UTC of milliseconds since the epoch. */
export function msToIso(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== lastSecond) {
    // All but the milliseconds.
    lastBeginning = new Date(second * 1000).toISOString().slice(0, -4);
    lastSecond = second;
  }
  return `${lastBeginning}${String(Math.trunc(ms - second * 1000)).padStart(3, '0')}Z`;
}

/** Nanoseconds since the epoch as decimal digits, without the detour over a BigInt. */
export function toNanos([seconds, nanoseconds]: HrTime): string {
  return seconds === 0 ? String(nanoseconds) : `${seconds}${String(nanoseconds).padStart(9, '0')}`;
}
