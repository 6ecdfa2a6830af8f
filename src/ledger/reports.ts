import { LangfuseError } from '../errors.js';
import { type Ledger, sumOf } from './ledger.js';
import type { FlushReport, ShutdownReport } from './status.js';

interface Counted {
  counts(): Omit<FlushReport, 'pending' | 'durationMs' | 'deadlineHit'> & { readonly held: number };
}

/** One report for all that a flush waited for. */
export function reportOf(groups: readonly Counted[], durationMs: number, deadlineHit: boolean): FlushReport {
  const sum = { delivered: 0, rejected: 0, sampledOut: 0, dropped: 0, spooled: 0, pending: 0 };
  for (const group of groups) {
    const { held, ...settled } = group.counts();
    sum.delivered += settled.delivered;
    sum.rejected += settled.rejected;
    sum.sampledOut += settled.sampledOut;
    sum.dropped += settled.dropped;
    sum.spooled += settled.spooled;
    sum.pending += held;
  }
  return { ...sum, durationMs, deadlineHit };
}

/** What is told about a shutdown that lost spans; undefined when it did not. */
export function lossError(report: ShutdownReport): LangfuseError | undefined {
  const lost = lossIn(report);
  if (lost === 0) return undefined;
  const text = `${lost} spans were lost in the life of this exporter (${reasonsIn(report)})`;
  return new LangfuseError('SHUTDOWN_ERROR', text, { isRetryable: false, details: { report } });
}

function reasonsIn({ dropped, refused }: Ledger): string {
  const counts = [...Object.entries(refused), ...Object.entries(dropped)].filter(([, count]) => count > 0);
  return counts.map(([reason, count]) => `${reason}: ${count}`).join(', ');
}

/** Spans that were ours to deliver and never will be, through nobody's wish. */
export function lossIn({ dropped, refused, queued, inFlight }: Ledger): number {
  return sumOf(dropped) + sumOf(refused) + queued + inFlight;
}
