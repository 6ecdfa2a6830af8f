/** Longer waits are taken for mistakes. Also far below 2^31 ms, where Node's timers overflow. */
const MAX_WAIT_MS = 15 * 60 * 1000;

/**
 * The wait a `Retry-After` header asks for, in milliseconds: seconds (also with a fraction, as Langfuse before 3.11
 * sent them), or a date, measured against the answer's own `Date` so that the clocks need not agree.
 *
 * @returns undefined when there is no usable value.
 */
export function parseRetryAfter(
  retryAfter: string | undefined,
  date: string | undefined,
  nowMs: number,
): number | undefined {
  if (retryAfter === undefined) return undefined;
  const value = retryAfter.trim();
  if (/^\d+(\.\d+)?$/.test(value)) return Math.min(Number(value) * 1000, MAX_WAIT_MS);
  const at = Date.parse(value);
  // Date.parse reads "-5" as a year; every real HTTP date has letters in it.
  if (Number.isNaN(at) || !/[a-z]/i.test(value)) return undefined;
  const sentAt = date === undefined ? Number.NaN : Date.parse(date);
  const wait = at - (Number.isNaN(sentAt) ? nowMs : sentAt);
  return wait >= 0 ? Math.min(wait, MAX_WAIT_MS) : undefined;
}
