import type { HrTime } from '../span.js';

/** ISO 8601 in UTC with milliseconds, cut as the server cuts: the only precision Langfuse keeps. */
export function toIso([seconds, nanoseconds]: HrTime): string {
  return new Date(seconds * 1000 + Math.floor(nanoseconds / 1e6)).toISOString();
}

/** Nanoseconds since the epoch as decimal digits, without the detour over a BigInt. */
export function toNanos([seconds, nanoseconds]: HrTime): string {
  return seconds === 0 ? String(nanoseconds) : `${seconds}${String(nanoseconds).padStart(9, '0')}`;
}
