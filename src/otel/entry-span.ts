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

  /** Its name now; the last one known when the span is gone. */
  get name(): string | undefined {
    this.#name = nameOf(this.#span.deref()) ?? this.#name;
    return this.#name;
  }

  get attributes(): object | undefined {
    return this.#span.deref()?.attributes;
  }
}

function nameOf(span: SpanInProgress | undefined): string | undefined {
  return typeof span?.name === 'string' && span.name !== '' ? span.name : undefined;
}
