import { LangfuseError } from '../errors.js';
import type { LedgerBook } from '../ledger/ledger.js';
import type { RefusalReason } from '../model.js';
import type { SpanLike } from '../span.js';
import type { SpanGroup } from './span-group.js';
import type { SpanQueue } from './span-queue.js';
import { BARE_SPAN_BYTES, estimateBytes } from './span-size.js';

export interface AdmissionOptions {
  readonly maxSpans: number;
  readonly maxBytes: number;
  /** Whether a span is exported at all. May throw what the application throws. */
  readonly keeps: (span: SpanLike) => boolean;
  /** Told why a span could not be judged. */
  readonly onBroken?: (cause: unknown) => void;
  /** What is held behind the queue; it counts against the bounds as well. */
  readonly behind: { readonly waiting: number; readonly leased: number; readonly size: number };
}

const SAMPLED = 1;

/** What became of a span at the door. */
export type Admitted = 'accepted' | 'unsampled' | 'filtered' | RefusalReason;

/** The door: decides, inside the application's `span.end()`, whether a span comes in, and counts it. Never throws. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #queue: SpanQueue;
  readonly #ledger: LedgerBook;
  #closed = false;

  constructor(options: AdmissionOptions, queue: SpanQueue, ledger: LedgerBook) {
    this.#options = options;
    this.#queue = queue;
    this.#ledger = ledger;
  }

  /** From now on nothing comes in. */
  close(): void {
    this.#closed = true;
  }

  admit(span: SpanLike, group: SpanGroup): Admitted {
    this.#ledger.end();
    const admitted = this.#decide(span);
    if (admitted === 'accepted') {
      this.#ledger.accept();
      group.add();
      this.#queue.push({ span, group, bytes: bytesOf(span) });
    } else if (admitted === 'unsampled') this.#ledger.unsampled();
    else if (admitted === 'filtered') this.#ledger.filter();
    else this.#ledger.refuse(admitted);
    return admitted;
  }

  #decide(span: SpanLike): Admitted {
    try {
      if ((span.spanContext().traceFlags & SAMPLED) === 0) return 'unsampled';
      if (this.#closed) return 'already_shutdown';
      if (!this.#options.keeps(span)) return 'filtered';
      return this.#isFull() ? 'queue_full' : 'accepted';
    } catch (cause) {
      this.#options.onBroken?.(cause);
      return 'internal_error';
    }
  }

  #isFull(): boolean {
    const { behind, maxSpans, maxBytes } = this.#options;
    return (
      this.#queue.length + behind.waiting + behind.leased >= maxSpans || this.#queue.bytes + behind.size >= maxBytes
    );
  }
}

/** A getter of the application may throw here; the span is still taken, and judged when it is translated. */
function bytesOf(span: SpanLike): number {
  try {
    return estimateBytes(span);
  } catch {
    return BARE_SPAN_BYTES;
  }
}

export function isRefusal(admitted: Admitted): admitted is RefusalReason {
  return admitted !== 'accepted' && admitted !== 'unsampled' && admitted !== 'filtered';
}

/** For whoever handed the span over and wants to know. */
export function refusalError(reason: RefusalReason): LangfuseError {
  const code =
    reason === 'already_shutdown'
      ? 'SHUTDOWN_ERROR'
      : reason === 'internal_error'
        ? 'INTERNAL_ERROR'
        : 'BACKPRESSURE_ERROR';
  return new LangfuseError(code, `a span was refused: ${reason}`, { isRetryable: false, details: { reason } });
}
