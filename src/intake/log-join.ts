import type { LogCounts } from '../ledger/log-counts.js';
import type { LogRecordLike } from '../log-record.js';
import type { Clock } from '../ports.js';
import type { Attributes, SpanContextLike, SpanEventLike, SpanLike } from '../span.js';
import { contentNameOf, isAnswer, LOGGING_SCOPES, toContentEvent } from './content-records.js';
import type { LateRecords } from './late-records.js';
import { RecordShelf } from './record-shelf.js';
import type { QueuedSpan } from './span-queue.js';
import { WaitingSpans } from './waiting-spans.js';

/** Records are held from a call's question to its end; a stream may take minutes. */
const SHELF = { maxRecords: 10_000, maxBytes: 16 * 1024 * 1024, maxAgeMs: 600_000 };
/** A span waits so long for its answer, when its scope is known to log it. */
const LONGEST_WAIT_MS = 1_000;
/** Scopes that were seen to log content, besides those that are known to. */
const MAX_SCOPES = 100;
const SAMPLED = 1;
const ERROR_STATUS = 2;

export interface LogJoinParts {
  readonly counts: LogCounts;
  readonly clock: Clock;
  readonly late: LateRecords;
  /** Takes a span that has waited: the next time it is asked about, it does not wait. */
  readonly requeue: (queued: QueuedSpan) => void;
}

/**
 * Brings together spans and the log records that have their content, whichever comes first.
 *
 *     record ──▶ shelf ───────┐
 *                             ├──▶ events of the span
 *     span ──▶ (line, ≤ 1 s) ─┘
 *     record, its span has left ──▶ late
 */
export class LogJoin {
  readonly #parts: LogJoinParts;
  readonly #shelf: RecordShelf;
  readonly #line: WaitingSpans;
  readonly #scopes = new Set<string>(LOGGING_SCOPES);
  /** Spans that have waited, and groups of spans that somebody waits for: they wait no longer. */
  readonly #hasty = new WeakSet<object>();
  #isOpen = true;

  constructor(parts: LogJoinParts) {
    this.#parts = parts;
    this.#shelf = new RecordShelf(SHELF, parts.counts, parts.clock);
    this.#line = new WaitingSpans(LONGEST_WAIT_MS, parts.clock, (queued) => {
      this.#hasty.add(queued);
      parts.requeue(queued);
    });
  }

  /** The spans that wait. */
  get line(): { readonly length: number; readonly bytes: number } {
    return this.#line;
  }

  get waitingRecords(): number {
    return this.#shelf.length + this.#parts.late.length;
  }

  /** Runs inside the application's `emit`: takes the record and returns. */
  emit(record: LogRecordLike): void {
    if (!isContent(record)) return;
    const { counts } = this.#parts;
    counts.receive();
    try {
      this.#take(record);
    } catch {
      counts.drop('unreadable');
    }
  }

  /** A span ended that is not exported: neither is its content. */
  forget(span: SpanLike): void {
    try {
      this.#parts.counts.settle('ignored', this.#shelf.take(keyOf(span.spanContext())).records.length);
    } catch {
      // A span that cannot say which it is has no records.
    }
  }

  /**
   * The content of a span that is to be translated; `'waits'` when it stays here for a while, to be handed to `requeue`.
   *
   * @throws what a broken span throws.
   */
  join(queued: QueuedSpan): readonly SpanEventLike[] | 'waits' {
    const { span } = queued;
    const spanKey = keyOf(span.spanContext());
    const expectsContent = this.#logsContent(span);
    if (expectsContent && this.#mayWait(queued) && !this.#isComplete(spanKey)) {
      this.#line.add(spanKey, queued);
      return 'waits';
    }
    const { records, bytes } = this.#shelf.take(spanKey);
    if (this.#isOpen && (expectsContent || records.length > 0))
      this.#parts.late.left(spanKey, span, records, queued.bytes + bytes);
    return this.#eventsOf(records);
  }

  /** What has come for a span that waits; it stays here. */
  soFar(span: SpanLike): readonly SpanEventLike[] {
    return this.#shelf.peek(keyOf(span.spanContext())).flatMap((record) => {
      try {
        return [toContentEvent(record)];
      } catch {
        // Counted when its turn comes.
        return [];
      }
    });
  }

  /** Somebody waits for these groups: their spans go with what there is. */
  hurry(groups: readonly object[]): void {
    for (const group of groups) this.#hasty.add(group);
    this.#line.releaseAll();
  }

  /** No more records come, so nothing waits any more. */
  close(): void {
    this.#isOpen = false;
    this.#line.releaseAll();
  }

  /** No more spans come either. */
  clear(): void {
    this.#shelf.clear();
    this.#parts.late.clear();
  }

  #take(record: LogRecordLike): void {
    const { counts, late } = this.#parts;
    const { spanContext } = record;
    if (spanContext === undefined || (spanContext.traceFlags & SAMPLED) === 0 || !this.#isOpen) {
      counts.settle('ignored');
      return;
    }
    const scope = record.instrumentationScope?.name;
    if (scope && this.#scopes.size < MAX_SCOPES) this.#scopes.add(scope);
    const spanKey = keyOf(spanContext);
    if (late.take(spanKey, record)) return;
    this.#shelf.add(spanKey, record);
    if (this.#line.has(spanKey) && isAnswer(record)) this.#line.releaseSoon(spanKey);
  }

  /** Embeddings are not logged, and after an error no answer comes. */
  #logsContent(span: SpanLike): boolean {
    const scope = span.instrumentationScope ?? span.instrumentationLibrary;
    if (scope === undefined || !this.#scopes.has(scope.name)) return false;
    const attributes = span.attributes as Attributes;
    const operation = attributes['gen_ai.operation.name'];
    return operation !== undefined && operation !== 'embeddings';
  }

  #mayWait(queued: QueuedSpan): boolean {
    const { span, group } = queued;
    const hasFailed = span.status.code === ERROR_STATUS || 'error.type' in span.attributes;
    return this.#isOpen && !hasFailed && !this.#hasty.has(queued) && !this.#hasty.has(group);
  }

  /** The answer is there; or another span of the same id waits, so that there is no telling whose it will be. */
  #isComplete(spanKey: string): boolean {
    return this.#line.has(spanKey) || this.#shelf.peek(spanKey).some(isAnswer);
  }

  #eventsOf(records: readonly LogRecordLike[]): readonly SpanEventLike[] {
    const { counts } = this.#parts;
    const events: SpanEventLike[] = [];
    for (const record of records) {
      try {
        events.push(toContentEvent(record));
        counts.settle('joined');
      } catch {
        counts.drop('unreadable');
      }
    }
    return events;
  }
}

function isContent(record: LogRecordLike): boolean {
  try {
    return contentNameOf(record) !== undefined;
  } catch {
    return false;
  }
}

function keyOf({ traceId, spanId }: SpanContextLike): string {
  return `${traceId}-${spanId}`;
}
