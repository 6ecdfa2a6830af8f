import type { CounterBook } from '../ledger/counters.js';
import type { ObservationRecord } from '../record.js';

/** Records that were cut to fit, each counted once, however often it is sent. */
export class CutRecords {
  readonly #known = new WeakSet<ObservationRecord>();
  readonly #counters: CounterBook;

  constructor(counters: CounterBook) {
    this.#counters = counters;
  }

  note(record: ObservationRecord): void {
    if (this.#known.has(record)) return;
    this.#known.add(record);
    this.#counters.add('truncated', 'size');
  }
}
