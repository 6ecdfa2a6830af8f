import type { QueuedSpan } from '../intake/span-queue.js';
import type { Clock, Interim, InterimHeld, InterimStore } from '../ports.js';
import type { ObservationRecord } from '../record.js';
import type { SpanLike } from '../span.js';

/** Long enough to get something done, short enough that the application does not feel it. */
const SLICE_MS = 5;

interface Due {
  readonly queued: QueuedSpan;
  readonly make: () => ObservationRecord;
}

/**
 * Spans that wait for their content or their mask, where a process that is killed may lose none: what is known of them
 * is on disk meanwhile. Written in a later turn, so that what comes at once costs no second write.
 */
export class Interims {
  readonly #store: InterimStore | undefined;
  readonly #clock: Pick<Clock, 'now' | 'soon'>;
  readonly #due = new Map<SpanLike, Due>();
  readonly #written = new Map<SpanLike, Interim>();

  /** @param store - undefined where a span is not written before it is sent. */
  constructor(store: InterimStore | undefined, clock: Pick<Clock, 'now' | 'soon'>) {
    this.#store = store;
    this.#clock = clock;
  }

  /** A span waits. @param make - makes of what is known of it a record that may be written. */
  wait(queued: QueuedSpan, make: () => ObservationRecord): void {
    if (this.#store === undefined || this.#written.has(queued.span)) return;
    if (this.#due.size === 0) this.#clock.soon(() => this.#write());
    this.#due.set(queued.span, { queued, make });
  }

  /** It waits no longer. What was written of it now belongs to its record. */
  take(span: SpanLike): Interim | undefined {
    this.#due.delete(span);
    const interim = this.#written.get(span);
    this.#written.delete(span);
    return interim;
  }

  /** It will have no record. */
  end(span: SpanLike): void {
    const interim = this.take(span);
    if (interim !== undefined) this.#store?.end(interim);
  }

  /** The process ends before it has a record. False when nothing of it is on disk. */
  leave({ span, group }: QueuedSpan): boolean {
    const interim = this.take(span);
    return interim !== undefined && this.#store?.leave(interim, group) === true;
  }

  #write(): void {
    const sliceEnd = this.#clock.now() + SLICE_MS;
    const held: InterimHeld[] = [];
    for (const [span, due] of this.#due) {
      this.#due.delete(span);
      const one = toHeld(due);
      if (one !== undefined) {
        held.push(one);
        this.#written.set(span, one.interim);
      }
      if (this.#clock.now() >= sliceEnd) break;
    }
    if (held.length > 0) this.#store?.append(held);
    if (this.#due.size > 0) this.#clock.soon(() => this.#write());
  }
}

/** Undefined for what is given up anyway, and for what cannot be translated, which is told when its turn comes. */
function toHeld({ queued: { sampling }, make }: Due): InterimHeld | undefined {
  if (sampling?.isCondemned) return undefined;
  try {
    const record = make();
    return { record, sampling, interim: { recordId: record.id } };
  } catch {
    return undefined;
  }
}
