import type { Sampling, Waiting } from '../ports.js';
import type { SpanLike } from '../span.js';
import type { SpanGroup } from './span-group.js';

/** A span that ended and waits to be translated. */
export interface QueuedSpan {
  readonly span: SpanLike;
  readonly group: SpanGroup;
  /** Estimated size of its content. */
  readonly bytes: number;
  /** Absent where nothing is sampled. */
  readonly sampling?: Sampling | undefined;
}

/** Below this many taken entries the array is not worth moving. */
const COMPACT_AT = 1024;

/**
 * First in, first out, without ever shifting an array entry by entry:
 *
 *     [ taken … taken | waiting … waiting ]
 *                     ^ head
 */
export class SpanQueue implements Waiting<QueuedSpan> {
  #entries: (QueuedSpan | undefined)[] = [];
  #head = 0;
  #bytes = 0;

  get length(): number {
    return this.#entries.length - this.#head;
  }

  get bytes(): number {
    return this.#bytes;
  }

  push(entry: QueuedSpan): void {
    this.#entries.push(entry);
    this.#bytes += entry.bytes;
  }

  peek(): QueuedSpan | undefined {
    return this.#entries[this.#head];
  }

  take(): QueuedSpan | undefined {
    const entry = this.#entries[this.#head];
    if (entry === undefined) return undefined;
    this.#entries[this.#head++] = undefined;
    this.#bytes -= entry.bytes;
    if (this.#head === this.#entries.length) {
      this.#entries = [];
      this.#head = 0;
    } else if (this.#head >= COMPACT_AT && this.#head * 2 >= this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    return entry;
  }

  forEach(visit: (entry: QueuedSpan) => void): void {
    for (let at = this.#head; at < this.#entries.length; at++) {
      const entry = this.#entries[at];
      if (entry !== undefined) visit(entry);
    }
  }

  sweep(fate: (entry: QueuedSpan) => QueuedSpan | undefined): void {
    const left: QueuedSpan[] = [];
    let bytes = 0;
    this.forEach((entry) => {
      const kept = fate(entry);
      if (kept === undefined) return;
      left.push(kept);
      bytes += kept.bytes;
    });
    this.#entries = left;
    this.#head = 0;
    this.#bytes = bytes;
  }
}
