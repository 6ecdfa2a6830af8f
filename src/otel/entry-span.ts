import { type Inherited, passedOnBy } from './inherited.js';

interface SpanInProgress {
  readonly name?: unknown;
  readonly attributes?: object | undefined;
  readonly ended?: unknown;
}

/** What its descendants know of the span with which a trace entered this process. */
interface Entry {
  readonly name: string | undefined;
  readonly said: Inherited | undefined;
}

/**
 * The span with which a trace entered this process, as its descendants know it. Held weakly: a span that waits to be
 * sent must not keep the whole trace in memory.
 */
export class EntrySpan {
  /** Until it was read after its end. */
  #span: WeakRef<SpanInProgress> | undefined;
  #name: string | undefined;
  /** What it says since it ended. */
  #last: Entry | undefined;

  constructor(span: SpanInProgress) {
    this.#span = new WeakRef(span);
    this.#name = nameOf(span);
  }

  /** Its name now, or the last one known when the span is gone; and what it says, while it is there. */
  read(): Entry {
    if (this.#last !== undefined) return this.#last;
    const span = this.#span?.deref();
    this.#name = nameOf(span) ?? this.#name;
    const entry = { name: this.#name, said: passedOnBy(span?.attributes) };
    if (span?.ended === true) {
      this.#last = entry;
      this.#span = undefined;
    }
    return entry;
  }
}

function nameOf(span: SpanInProgress | undefined): string | undefined {
  return typeof span?.name === 'string' && span.name !== '' ? span.name : undefined;
}
