interface SpanInProgress {
  readonly name?: unknown;
  readonly attributes?: object | undefined;
}

/**
 * The span with which a trace entered this process, as its descendants know it. Held weakly: a span that waits to be
 * sent must not keep the whole trace in memory.
 */
export class EntrySpan {
  readonly #span: WeakRef<SpanInProgress>;
  #name: string | undefined;

  constructor(span: SpanInProgress) {
    this.#span = new WeakRef(span);
    this.#name = nameOf(span);
  }

  /** Its name now, or the last one known when the span is gone; and what it says, while it is there. */
  read(): { readonly name: string | undefined; readonly attributes: object | undefined } {
    const span = this.#span.deref();
    this.#name = nameOf(span) ?? this.#name;
    return { name: this.#name, attributes: span?.attributes };
  }
}

function nameOf(span: SpanInProgress | undefined): string | undefined {
  return typeof span?.name === 'string' && span.name !== '' ? span.name : undefined;
}
