import type { ExporterStatus } from '../../ledger/status.js';
import type { Clock } from '../../ports.js';
import { sleep } from '../../runtime/sleep.js';

const LOOK_EVERY_MS = 50;
/** An exporter looks for left-overs when it is made: what it has not found after so long, it will not find. */
export const FIRST_LOOK_MS = 2_000;
/** What another host left it believes to be left at the second look or the third, 15 and 30 seconds later. */
export const LATER_LOOKS_MS = 45_000;

/** `refused`: somebody has to mend something first. `stalled`: nothing moved for too long. */
export type ReplayEnd = 'done' | 'refused' | 'stalled' | 'interrupted';

export interface ReplayLook {
  readonly settled: number;
  readonly total: number;
  /** Some of what is expected has not been found yet. */
  readonly isSeeking: boolean;
  readonly isCut: boolean;
}

export interface ReplayWatch {
  readonly status: () => ExporterStatus;
  /** Records that an exporter should find. */
  readonly expected: number;
  /** How long nothing has to move until what is expected is not expected any more. */
  readonly quietMs: number;
  readonly stallMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onLook: (look: ReplayLook) => void;
}

/** Watches an exporter send what it found, until there is nothing left to wait for. */
export async function watchReplay(watch: ReplayWatch): Promise<ReplayEnd> {
  const { status, expected, quietMs, stallMs, clock, signal, onLook } = watch;
  let before = -1;
  let movedAt = clock.now();
  while (!signal.aborted) {
    const { ledger, circuit } = status();
    const settled = ledger.delivered + ledger.rejected + sumOf(ledger.dropped);
    const left = ledger.queued + ledger.inFlight + ledger.spooled;
    const total = Math.max(expected, settled + left);
    onLook({ settled, total, isSeeking: settled + left < expected, isCut: circuit.state === 'open' });
    if (settled + left !== before) movedAt = clock.now();
    before = settled + left;
    if (left === 0 && (settled >= expected || clock.now() - movedAt >= quietMs)) return 'done';
    if (circuit.state === 'hold') return 'refused';
    if (clock.now() - movedAt >= stallMs) return 'stalled';
    await sleep(clock, LOOK_EVERY_MS, signal);
  }
  return 'interrupted';
}

export function sumOf(counts: Readonly<{ [reason: string]: number }>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
