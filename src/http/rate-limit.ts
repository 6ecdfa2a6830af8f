import type { HttpResponse } from '../ports.js';
import { headerOf } from './header.js';

/** Langfuse counts by the minute. What asks for more, without `Retry-After`, is taken for this much. */
const MAX_REST_MS = 60_000;
/** Seconds since 1970 are above, seconds from now are below. */
const LEAST_EPOCH_SECONDS = 1e9;
const LEAST_EPOCH_MS = 1e11;

/**
 * How long a rate limit that is used up lasts, in milliseconds, by `X-RateLimit-Remaining` and `X-RateLimit-Reset`.
 * The reset is a date as text (so Langfuse writes it), seconds since 1970, or seconds from now, as others do. Measured
 * against the answer's own `Date`.
 *
 * @returns undefined when there is something left, or nothing is said.
 */
export function restUntilReset({ headers }: Pick<HttpResponse, 'headers'>, nowMs: number): number | undefined {
  const remaining = headerOf(headers, 'x-ratelimit-remaining')?.trim();
  const reset = headerOf(headers, 'x-ratelimit-reset')?.trim();
  if (!remaining || !reset || !(Number(remaining) <= 0)) return undefined;
  const sentAt = Date.parse(headerOf(headers, 'date') ?? '');
  const rest = restOf(reset, Number.isNaN(sentAt) ? nowMs : sentAt);
  return rest > 0 ? Math.min(rest, MAX_REST_MS) : undefined;
}

/** NaN for what is neither a number nor a date. */
function restOf(reset: string, serverNowMs: number): number {
  const value = Number(reset);
  if (Number.isNaN(value)) return Date.parse(reset) - serverNowMs;
  if (value >= LEAST_EPOCH_MS) return value - serverNowMs;
  return value >= LEAST_EPOCH_SECONDS ? value * 1000 - serverNowMs : value * 1000;
}
