import type { LedgerBook } from '../ledger/ledger.js';
import type { Held, Sampling, Settlement, Waiting } from '../ports.js';
import type { SpanLike } from '../span.js';
import { samplingFate } from './sampling-fate.js';
import type { QueuedSpan } from './span-queue.js';
import { TraceShare } from './trace-share.js';

const ERROR = 2;
/** To find how low the rate must go, fractions are counted in so many classes, 16 to each halving of the fraction. */
const CLASSES = 256;
const CLASSES_PER_HALVING = 16;

export interface SheddableParts {
  readonly queue: Waiting<QueuedSpan>;
  readonly records: Waiting<Held>;
  readonly ledger: LedgerBook;
  readonly rescueErrors: boolean;
  /** A span is given up before it has become a record: so is what else was kept for it. */
  readonly forget: (span: SpanLike) => void;
}

/**
 * All that waits in memory, as spans and as records, and can still be given up: whole traces of which nothing has left.
 * The only steps of sampling that look at everything; a look is taken twice a second, or when it makes room.
 */
export class SheddableSpans {
  readonly #parts: SheddableParts;

  constructor(parts: SheddableParts) {
    this.#parts = parts;
  }

  /**
   * The rate has come down to `rate`: traces above it are given up, those with the highest fractions first, until
   * `spans` have gone. @returns how many went.
   */
  meet(rate: number, spans: number): number {
    const lowest = Math.max(rate, this.#rateThatFrees(spans, false));
    return this.#giveUp(lowest, false);
  }

  /**
   * Gives up traces, whatever the rate, until `spans` have gone; protected ones only when there are no others.
   *
   * @returns how many went, and the rate that this came to; 1 when it says nothing of other traces.
   */
  free(spans: number): { readonly freed: number; readonly rate: number } {
    const rate = this.#rateThatFrees(spans, false);
    const freed = this.#giveUp(rate, false);
    if (freed > 0) return { freed, rate };
    return { freed: this.#giveUp(this.#rateThatFrees(spans, true), true), rate: 1 };
  }

  #giveUp(rate: number, isProtected: boolean): number {
    let condemned = 0;
    this.#eachShare((share) => {
      if (share.isProtected === isProtected) share.meet(rate);
      if (share.isCondemned) condemned++;
    });
    return condemned === 0 ? 0 : this.#removeCondemned();
  }

  /** 1 when nothing can be freed. */
  #rateThatFrees(spans: number, isProtected: boolean): number {
    const counts = new Uint32Array(CLASSES);
    let most = 0;
    this.#eachShare((share) => {
      if (share.isProtected !== isProtected || share.isCommitted) return;
      const place = classOf(share.fraction);
      counts[place] = (counts[place] ?? 0) + 1;
      most++;
    });
    let freed = 0;
    let place = CLASSES;
    while (freed < Math.min(spans, most)) {
      place--;
      freed += counts[place] ?? 0;
    }
    return boundOf(place);
  }

  #eachShare(visit: (share: TraceShare) => void): void {
    const { queue, records } = this.#parts;
    const visitOf = ({ sampling }: { readonly sampling?: Sampling | undefined }): void => {
      if (sampling instanceof TraceShare) visit(sampling);
    };
    queue.forEach(visitOf);
    records.forEach(visitOf);
  }

  #removeCondemned(): number {
    const { queue, records, forget } = this.#parts;
    const hasError = ({ span }: QueuedSpan): boolean => span.status.code === ERROR;
    return (
      this.#thinOut(queue, hasError, ({ span }) => forget(span)) +
      this.#thinOut(records, ({ record }) => record.statusCode === ERROR)
    );
  }

  #thinOut<T extends QueuedSpan | Held>(
    waiting: Waiting<T>,
    hasError: (item: T) => boolean,
    forget: (item: T) => void = () => {},
  ): number {
    const { ledger, rescueErrors } = this.#parts;
    const gone: Settlement[] = [];
    waiting.sweep((item) => {
      const sampling = samplingFate(item.sampling, hasError(item), rescueErrors);
      if (sampling !== 'sampledOut') return sampling === item.sampling ? item : { ...item, sampling };
      gone.push(item.group);
      forget(item);
      return undefined;
    });
    ledger.sampleOut(gone.length);
    for (const group of gone) group.settle('sampledOut', 1);
    return gone.length;
  }
}

/** By the logarithm, because at a low rate all that waits has a low fraction. */
function classOf(fraction: number): number {
  return Math.max(0, Math.min(CLASSES - 1, Math.floor(CLASSES + CLASSES_PER_HALVING * Math.log2(fraction))));
}

/** The lowest fraction of the class. */
function boundOf(place: number): number {
  return place === 0 ? 0 : 2 ** ((place - CLASSES) / CLASSES_PER_HALVING);
}
