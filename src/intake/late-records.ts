import type { LogCounts } from '../ledger/log-counts.js';
import type { LogRecordLike } from '../log-record.js';
import type { Clock } from '../ports.js';
import type { SpanLike } from '../span.js';
import { type SentSpan, SentSpans } from './sent-spans.js';

/** Records of one answer come together: so long is waited for the others. */
const COLLECT_MS = 200;
/** More of one span are no conversation any more. */
const MAX_RECORDS = 1_000;

/** A span with its records is kept for a minute after it left, and not more than this. */
const BOUNDS = { maxSpans: 1_000, maxBytes: 8 * 1024 * 1024, maxAgeMs: 60_000 };

export interface LateParts {
  readonly counts: LogCounts;
  readonly clock: Clock;
  /** Whether the server adds to what it has. */
  readonly merges: () => boolean;
  /** Tells the server the content of a span it has: that of all records, the last `late` of which are new to it. */
  readonly update: (span: SpanLike, records: readonly LogRecordLike[], late: number) => void;
}

/** Records of content whose span has left already. */
export class LateRecords {
  readonly #parts: LateParts;
  readonly #sent: SentSpans;
  readonly #due = new Set<SentSpan>();
  #waiting = 0;

  constructor(parts: LateParts) {
    this.#parts = parts;
    this.#sent = new SentSpans(BOUNDS, parts.clock);
  }

  get length(): number {
    return this.#waiting;
  }

  /** The span leaves with these records. */
  left(spanKey: string, span: SpanLike, records: readonly LogRecordLike[], bytes: number): void {
    this.#sent.add(spanKey, span, records, bytes);
  }

  /** True when its span has left: the record is taken care of. */
  take(spanKey: string, record: LogRecordLike): boolean {
    const sent = this.#sent.get(spanKey);
    if (sent === undefined) return false;
    const { merges, counts, clock } = this.#parts;
    if (!merges() || sent.records.length >= MAX_RECORDS) {
      counts.settle('late');
      return true;
    }
    sent.records.push(record);
    sent.late++;
    this.#waiting++;
    if (this.#due.size === 0) clock.after(COLLECT_MS, () => this.send());
    this.#due.add(sent);
    return true;
  }

  /** Sends what came so far, without waiting for more. */
  send(): void {
    const due = [...this.#due];
    this.#due.clear();
    this.#waiting = 0;
    for (const sent of due) {
      const { late } = sent;
      sent.late = 0;
      this.#parts.update(sent.span, [...sent.records], late);
    }
  }

  clear(): void {
    this.#sent.clear();
  }
}
