import { readRows } from '../../http/read-rows.js';
import type { Clock } from '../../ports.js';
import { sleep } from '../../runtime/sleep.js';
import { type Asking, bodyOf } from './asking.js';

/** Ingestion queues of v3 answer for what they hold after 5 to 15 seconds. */
const PATIENCE_MS = 30_000;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 2_000;
const GROWTH = 1.5;

/** Milliseconds until the server shows the span; undefined when it does not in time. */
export async function readBack(
  asking: Asking,
  { traceId, spanId }: { readonly traceId: string; readonly spanId: string },
  clock: Clock,
  signal: AbortSignal,
): Promise<number | undefined> {
  const startedAt = clock.now();
  let waitMs = FIRST_WAIT_MS;
  while (clock.now() - startedAt < PATIENCE_MS && !signal.aborted) {
    if ((await isInTrace(asking, traceId, spanId)) || (await isAmongRows(asking, traceId, spanId))) {
      return clock.now() - startedAt;
    }
    await sleep(clock, waitMs, signal);
    waitMs = Math.min(LONGEST_WAIT_MS, waitMs * GROWTH);
  }
  return undefined;
}

/** v2, v3, and v4 where it keeps their tables. */
async function isInTrace(asking: Asking, traceId: string, spanId: string): Promise<boolean> {
  const asked = await asking.get(`/api/public/traces/${traceId}`);
  if (asked.kind === 'failure' || asked.response.status !== 200) return false;
  const { observations } = bodyOf(asked.response);
  return Array.isArray(observations) && observations.some((one) => idOf(one) === spanId);
}

/** v4. */
async function isAmongRows(asking: Asking, traceId: string, spanId: string): Promise<boolean> {
  const asked = await asking.get(`/api/public/v2/observations?traceId=${traceId}&fields=core`);
  if (asked.kind === 'failure') return false;
  const page = readRows(asked.response, traceId);
  return page.kind === 'rows' && page.ids.includes(spanId);
}

function idOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
}
