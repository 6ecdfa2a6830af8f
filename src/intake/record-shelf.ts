import type { LogCounts } from '../ledger/log-counts.js';
import type { LogRecordLike } from '../log-record.js';
import type { Clock } from '../ports.js';
import { ChainedMap } from '../runtime/chained-map.js';
import { recordBytes } from './content-records.js';

/** Records are held from a call's question to its end: a stream or an agent may take minutes. */
export interface ShelfBounds {
  readonly maxRecords: number;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

/** The records of one span. */
export interface Shelved {
  readonly records: readonly LogRecordLike[];
  /** What they hold in memory, roughly. */
  readonly bytes: number;
}

interface Place extends Shelved {
  readonly records: LogRecordLike[];
  bytes: number;
  readonly since: number;
}

const NOTHING: Shelved = Object.freeze({ records: Object.freeze([]), bytes: 0 });

/**
 * Records of content that wait for their span, by span. What does not fit pushes out the oldest span's; what waits too
 * long is given up when somebody looks.
 */
export class RecordShelf {
  readonly #bounds: ShelfBounds;
  readonly #counts: LogCounts;
  readonly #clock: Clock;
  /** In the order of their first records. */
  readonly #places = new ChainedMap<string, Place>();
  #records = 0;
  #bytes = 0;

  constructor(bounds: ShelfBounds, counts: LogCounts, clock: Clock) {
    this.#bounds = bounds;
    this.#counts = counts;
    this.#clock = clock;
  }

  get length(): number {
    return this.#records;
  }

  add(spanKey: string, record: LogRecordLike): void {
    const bytes = recordBytes(record);
    const place = this.#places.get(spanKey) ?? { records: [], bytes: 0, since: this.#clock.now() };
    if (place.records.length === 0) this.#places.set(spanKey, place);
    place.records.push(record);
    place.bytes += bytes;
    this.#records++;
    this.#bytes += bytes;
    this.#makeRoom();
  }

  /** Leaves them where they are. */
  peek(spanKey: string): readonly LogRecordLike[] {
    return this.#places.get(spanKey)?.records ?? [];
  }

  take(spanKey: string): Shelved {
    const place = this.#places.delete(spanKey);
    if (place === undefined) return NOTHING;
    this.#records -= place.records.length;
    this.#bytes -= place.bytes;
    return place;
  }

  /** Nothing will come for them any more. */
  clear(): void {
    for (let oldest = this.#places.oldest; oldest !== undefined; oldest = this.#places.oldest)
      this.#counts.drop('shutdown', this.take(oldest.key).records.length);
  }

  #makeRoom(): void {
    const { maxRecords, maxBytes, maxAgeMs } = this.#bounds;
    const oldestAllowed = this.#clock.now() - maxAgeMs;
    for (let oldest = this.#places.oldest; oldest !== undefined; oldest = this.#places.oldest) {
      const isOld = oldest.value.since < oldestAllowed;
      if (!isOld && this.#records <= maxRecords && this.#bytes <= maxBytes) return;
      this.#counts.drop(isOld ? 'expired' : 'overflow', this.take(oldest.key).records.length);
    }
  }
}
