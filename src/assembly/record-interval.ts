import type { Config } from '../options/config.js';

/**
 * How long a span may wait for others before it becomes a record. Where it is to survive the process, it waits for the
 * disk alone: what is still a span when the process is killed is lost.
 */
export function recordIntervalMs({ batch, persistence }: Pick<Config, 'batch' | 'persistence'>): number {
  if (batch.immediate) return 0;
  const isSavedFirst = persistence?.delivery === 'at-least-once';
  return isSavedFirst ? Math.min(persistence.lingerMs, batch.flushIntervalMs) : batch.flushIntervalMs;
}
