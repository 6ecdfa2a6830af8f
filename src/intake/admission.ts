import { LangfuseError } from '../errors.js';
import type { LedgerBook } from '../ledger/ledger.js';
import type { RefusalReason } from '../model.js';
import type { Sampling } from '../ports.js';
import type { SpanLike } from '../span.js';
import { samplingFate } from './sampling-fate.js';
import type { SpanGroup } from './span-group.js';
import type { SpanQueue } from './span-queue.js';
import { BARE_SPAN_BYTES, estimateBytes } from './span-size.js';

export interface AdmissionOptions {
  /** Whether a span is exported at all. May throw what the application throws. */
  readonly keeps: (span: SpanLike) => boolean;
  /** Told why a span could not be judged. */
  readonly onBroken?: (cause: unknown) => void;
  /** What sampling says of the span's trace; undefined where nothing is sampled. */
  readonly judge: (span: SpanLike) => Sampling | 'sampledOut' | 'backpressure' | undefined;
  /** A span with an error is kept when its trace is not. */
  readonly rescueErrors?: boolean;
  readonly room: { readonly isFull: boolean };
  readonly backpressure: {
    /** A span came in. */
    entered(): void;
    /** Memory is full: gives up traces for others. False when there is still no room. */
    makeRoom(): boolean;
  };
}

const SAMPLED = 1;
const ERROR = 2;

/** What became of a span at the door. */
export type Admitted = 'accepted' | 'unsampled' | 'filtered' | 'sampledOut' | RefusalReason;

/** The door: decides, inside the application's `span.end()`, whether a span comes in, and counts it. Never throws. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #queue: SpanQueue;
  readonly #ledger: LedgerBook;
  #closed = false;
  /** Of the span that was decided last. */
  #sampling: Sampling | undefined;

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
    const ledger = this.#ledger;
    ledger.end();
    const admitted = this.#decide(span);
    switch (admitted) {
      case 'accepted':
        ledger.accept();
        group.add();
        this.#queue.push({ span, group, bytes: bytesOf(span), sampling: this.#sampling });
        this.#options.backpressure.entered();
        break;
      case 'sampledOut':
        ledger.accept();
        ledger.sampleOut(1);
        group.add();
        group.settle('sampledOut', 1);
        break;
      case 'unsampled':
        ledger.unsampled();
        break;
      case 'filtered':
        ledger.filter();
        break;
      default:
        ledger.refuse(admitted);
    }
    return admitted;
  }

  #decide(span: SpanLike): Admitted {
    try {
      if ((span.spanContext().traceFlags & SAMPLED) === 0) return 'unsampled';
      if (this.#closed) return 'already_shutdown';
      const { keeps, judge, rescueErrors = false, room, backpressure } = this.#options;
      if (!keeps(span)) return 'filtered';
      const sampling = judge(span);
      if (sampling === 'sampledOut' || sampling === 'backpressure') return sampling;
      this.#sampling = sampling;
      if (!room.isFull) return 'accepted';
      const hasRoom = backpressure.makeRoom();
      // Room may have been made by giving up this very trace.
      const fate = samplingFate(sampling, span.status?.code === ERROR, rescueErrors);
      if (fate === 'sampledOut') return fate;
      this.#sampling = fate;
      return hasRoom ? 'accepted' : 'queue_full';
    } catch (cause) {
      this.#options.onBroken?.(cause);
      return 'internal_error';
    }
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
  return admitted !== 'accepted' && admitted !== 'unsampled' && admitted !== 'filtered' && admitted !== 'sampledOut';
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
