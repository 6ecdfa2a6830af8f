import { isObject } from '../store/field-rules.js';

export interface SpanTimes {
  readonly startTime: string;
  readonly endTime: string;
}

/** A missing or unreadable time borrows the other one, and two of them the clock's (facts §1.3). */
export function spanTimes(start: unknown, end: unknown): SpanTimes {
  const startTime = isoOf(start);
  const endTime = isoOf(end);
  const now = new Date().toISOString();
  return { startTime: startTime ?? endTime ?? now, endTime: endTime ?? startTime ?? now };
}

/** Nanoseconds as text, number or halves; cut to milliseconds. */
function isoOf(nanos: unknown): string | undefined {
  const millis = millisOf(nanos);
  if (millis === undefined) return undefined;
  const date = new Date(millis);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function millisOf(nanos: unknown): number | undefined {
  if (typeof nanos === 'number') return nanos / 1e6;
  if (typeof nanos === 'string') return /^-?\d+$/.test(nanos) ? Number(BigInt(nanos) / 1_000_000n) : undefined;
  if (!isObject(nanos)) return undefined;
  const { low, high } = nanos;
  if (typeof low !== 'number' || typeof high !== 'number') return undefined;
  return Number(((BigInt(high) << 32n) + BigInt(low >>> 0)) / 1_000_000n);
}
