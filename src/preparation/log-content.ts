import { ContentUpdates, type ContentUpdatesParts } from '../delivery/content-updates.js';
import { toContentUpdate, writeUpdates } from '../encode/content-update.js';
import { toContentEvent } from '../intake/content-records.js';
import { LateRecords } from '../intake/late-records.js';
import { LogJoin } from '../intake/log-join.js';
import type { QueuedSpan } from '../intake/span-queue.js';
import type { CounterBook } from '../ledger/counters.js';
import { type LogCounters, LogCounts } from '../ledger/log-counts.js';
import type { LogRecordLike } from '../log-record.js';
import type { LogSink } from '../otel/log-record-processor.js';
import type { Clock } from '../ports.js';
import type { ContentUpdate } from '../record.js';
import { within } from '../runtime/deadline.js';
import type { SpanEventLike, SpanLike } from '../span.js';
import type { Translation } from './translation.js';

/** What content can be sent by after its span has left. */
export type LateDelivery = Pick<ContentUpdatesParts, 'server' | 'transport' | 'breaker'>;

export interface LogContentParts {
  readonly delivery: LateDelivery;
  readonly translation: Translation;
  readonly clock: Clock;
  readonly attemptTimeoutMs: number;
  readonly counters: Pick<CounterBook, 'noteChanges'>;
  /** Puts a span that has waited for its content into the queue again. */
  readonly requeue: (queued: QueuedSpan) => void;
}

/** Content on the logs signal, put together: what joins it to spans, and what sends it after a span that has left. */
export class LogContent {
  readonly #parts: LogContentParts;
  readonly #counts = new LogCounts();
  readonly #updates: ContentUpdates;
  readonly #late: LateRecords;
  readonly #join: LogJoin;
  /** Late content that is being read, and of how many records it is. */
  readonly #reading = new Map<Promise<void>, number>();

  constructor(parts: LogContentParts) {
    this.#parts = parts;
    const { delivery, clock, attemptTimeoutMs, requeue } = parts;
    const counts = this.#counts;
    this.#updates = new ContentUpdates({ ...delivery, clock, counts, attemptTimeoutMs, write: writeUpdates });
    const merges = (): boolean => this.#updates.canMerge;
    const update = this.#update.bind(this);
    this.#late = new LateRecords({ counts, clock, merges, update });
    this.#join = new LogJoin({ counts, clock, late: this.#late, requeue });
  }

  /** The spans that wait for content. */
  get line(): { readonly length: number; readonly bytes: number } {
    return this.#join.line;
  }

  /** @param flush - sends spans and their content. */
  sink(flush: () => Promise<unknown>): LogSink {
    return { emitLog: (record) => this.#join.emit(record), flush, closeLogs: () => this.close() };
  }

  forget(span: SpanLike): void {
    this.#join.forget(span);
  }

  join(queued: QueuedSpan): readonly SpanEventLike[] | 'waits' {
    return this.#join.join(queued);
  }

  soFar(span: SpanLike): readonly SpanEventLike[] {
    return this.#join.soFar(span);
  }

  hurry(groups: readonly object[]): void {
    this.#join.hurry(groups);
    this.#late.send();
  }

  /** Waits until updates are sent, but not longer than `ms`. */
  async flush(ms: number): Promise<void> {
    if (this.#unsent === 0) return;
    const sent = Promise.all(this.#reading.keys()).then(() => this.#updates.flush());
    await within(this.#parts.clock, ms, sent);
  }

  /** No more records come. */
  close(): void {
    this.#late.send();
    this.#join.close();
  }

  /** No more spans come, and nothing is sent any more. */
  stop(): void {
    this.#join.clear();
    this.#updates.close();
  }

  counters(): LogCounters {
    return this.#counts.read(this.#join.waitingRecords + this.#unsent);
  }

  /** Records of which the server has not been told. */
  get #unsent(): number {
    let records = this.#updates.waitingRecords;
    for (const late of this.#reading.values()) records += late;
    return records;
  }

  #update(span: SpanLike, records: readonly LogRecordLike[], late: number): void {
    const reading = this.#read(span, records).then((update) => {
      this.#reading.delete(reading);
      if (update === 'unreadable') this.#counts.drop('unreadable', late);
      else this.#send(update, late);
    });
    this.#reading.set(reading, late);
  }

  /** A span whose content comes in two parts is counted for each that had to be mended. */
  #send(update: ContentUpdate | undefined, late: number): void {
    this.#parts.counters.noteChanges(update?.changed);
    this.#updates.add(update, late);
  }

  /** By the way of every span, whatever that waits for. */
  async #read(span: SpanLike, records: readonly LogRecordLike[]): Promise<ContentUpdate | 'unreadable' | undefined> {
    const { translation, clock } = this.#parts;
    try {
      const { observation } = await translation.read(span, undefined, records.map(toContentEvent));
      return toContentUpdate(observation, clock.wallMs());
    } catch {
      return 'unreadable';
    }
  }
}
