import { LangfuseError } from '../errors.js';
import type { Held } from '../ports.js';
import type { BatchContext } from './unsettled.js';

/** Gives up what was tried too often or too long; the rest. */
export function dropExpired({ parts, lease }: BatchContext, held: readonly Held[]): readonly Held[] {
  const { retry, settlements } = parts;
  const { maxAttempts, deliveryTimeoutMs } = retry;
  const expired = held.filter(({ tries }) => tries.count >= maxAttempts || tries.ms >= deliveryTimeoutMs);
  if (expired.length === 0) return held;
  const attempts = Number.isFinite(maxAttempts) ? ` or ${maxAttempts} attempts` : '';
  const text = `spans were given up after ${deliveryTimeoutMs} ms of trying${attempts}`;
  const error = new LangfuseError('TIMEOUT_ERROR', text, { isRetryable: false });
  settlements.report(error, expired);
  settlements.dropped(lease, expired, 'delivery_timeout', error);
  return held.filter((item) => !expired.includes(item));
}
