import type { ExporterStatus } from '../../ledger/status.js';
import type { Clock } from '../../ports.js';
import { sleep } from '../../runtime/sleep.js';

const LOOK_EVERY_MS = 50;
/** An exporter looks for left-overs when it is made: what it has not found after so long, it will not find. */
const QUIET_MS = 2_000;

/** `refused`: somebody has to mend something first. `stalled`: nothing moved for too long. */
export type ReplayEnd = 'done' | 'refused' | 'stalled' | 'interrupted';

export interface ReplayWatch {
  readonly status: () => ExporterStatus;
  /** Records that are known to be free. */
  readonly expected: number;
  readonly stallMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onLook: (settled: number, total: number, circuit: ExporterStatus['circuit']) => void;
}

/** Watches an exporter send what it found, until there is nothing left to wait for. */
export async function watchReplay(watch: ReplayWatch): Promise<ReplayEnd> {
  const { status, expected, stallMs, clock, signal, onLook } = watch;
  let before = -1;
  let movedAt = clock.now();
  while (!signal.aborted) {
    const { ledger, circuit } = status();
    const settled = ledger.delivered + ledger.rejected + sumOf(ledger.dropped);
    const left = ledger.queued + ledger.inFlight + ledger.spooled;
    onLook(settled, Math.max(expected, settled + left), circuit);
    if (settled + left !== before) movedAt = clock.now();
    before = settled + left;
    if (left === 0 && (settled >= expected || clock.now() - movedAt >= QUIET_MS)) return 'done';
    if (circuit.state === 'hold') return 'refused';
    if (clock.now() - movedAt >= stallMs) return 'stalled';
    await sleep(clock, LOOK_EVERY_MS, signal);
  }
  return 'interrupted';
}

export function sumOf(counts: Readonly<{ [reason: string]: number }>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
