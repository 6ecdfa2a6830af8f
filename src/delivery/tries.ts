import type { LeftUnderWay, SuspicionSoFar } from '../ports.js';

/**
 * How often a record may be cut further after the server found it too large. Each time it is halved: the largest request
 * of either protocol comes down to the megabyte that most proxies take unless told otherwise.
 */
const MAX_SHRINKS = 3;

/** What has been done to deliver one record. Kept beside it, because the record itself never changes. */
export class Tries {
  /** Attempts, probes of an open circuit not counted. */
  count = 0;
  /** Milliseconds of attempts and of the waits between them. */
  ms = 0;
  /** A request with it got no clear answer: it may be at the server. */
  mayHaveArrived = false;
  leftInDoubt: LeftUnderWay | undefined;
  readonly doubts: ReadonlySet<string>[] = [];
  isElsewhere = false;
  readonly suspicion: SuspicionSoFar = {
    seen: undefined,
    alone: 0,
    since: undefined,
    probed: 0,
    isProven: false,
    isApart: false,
    isOver: false,
  };
  #shrinks = 0;

  add(ms: number): void {
    this.count++;
    this.ms += ms;
  }

  /** True when it may be cut once more. */
  shrink(): boolean {
    return this.#shrinks++ < MAX_SHRINKS;
  }
}
