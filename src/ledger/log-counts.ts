/** Why a record of content was given up. */
export const LOG_DROP_REASONS = ['overflow', 'expired', 'unreadable', 'shutdown'] as const;
export type LogDropReason = (typeof LOG_DROP_REASONS)[number];

/**
 * What became of log records with content. Counted beside the ledger, whose unit is the span:
 *
 *     received = joined + merged + late + ignored + Σ dropped + waiting
 */
export interface LogCounters {
  /** Records that carry content of a model call; all others are not counted. */
  readonly received: number;
  /** Went with their span. */
  readonly joined: number;
  /** Came after their span was sent, and were added to it by an update. */
  readonly merged: number;
  /** Came after their span was sent, to a server that does not merge (v4, Cloud), or that refused the update. */
  readonly late: number;
  /** Of a span that is not exported, or of none. */
  readonly ignored: number;
  /**
   * `overflow`: more waited than may; `expired`: their span did not end in ten minutes; `unreadable`: reading them
   * failed; `shutdown`: their span had not ended.
   */
  readonly dropped: Readonly<{ [reason in LogDropReason]: number }>;
  /** Wait for their span to end, or for their update to be sent. */
  readonly waiting: number;
}

/** Where nobody asked for a log record processor. */
export const NO_LOGS: LogCounters = Object.freeze({
  received: 0,
  joined: 0,
  merged: 0,
  late: 0,
  ignored: 0,
  dropped: Object.freeze({ overflow: 0, expired: 0, unreadable: 0, shutdown: 0 }),
  waiting: 0,
});

type Fate = 'joined' | 'merged' | 'late' | 'ignored';

/** Writes down the fate of each record of content. */
export class LogCounts {
  readonly #fates: { [fate in Fate]: number } = { joined: 0, merged: 0, late: 0, ignored: 0 };
  readonly #dropped: { [reason in LogDropReason]: number } = { overflow: 0, expired: 0, unreadable: 0, shutdown: 0 };
  #received = 0;

  receive(): void {
    this.#received++;
  }

  settle(fate: Fate, records: number = 1): void {
    this.#fates[fate] += records;
  }

  drop(reason: LogDropReason, records: number = 1): void {
    this.#dropped[reason] += records;
  }

  /** @param waiting - counted where they wait, not from the flow, so that a leak shows. */
  read(waiting: number): LogCounters {
    return { received: this.#received, ...this.#fates, dropped: { ...this.#dropped }, waiting };
  }
}

/** What is wrong with the counters, in words; undefined when they balance. */
export function logImbalanceOf(counters: LogCounters): string | undefined {
  const { received, joined, merged, late, ignored, dropped, waiting } = counters;
  let accounted = joined + merged + late + ignored + waiting;
  for (const reason of LOG_DROP_REASONS) accounted += dropped[reason];
  return accounted === received ? undefined : `${received} log records came, but ${accounted} are accounted for`;
}
