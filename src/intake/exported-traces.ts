const CAPACITY = 10_000;

/**
 * Traces of which something was exported, for spans whose start nobody told us (a processor that hands on only ends).
 * The oldest is forgotten first.
 */
export class ExportedTraces {
  readonly #ids = new Set<string>();

  add(traceId: string): void {
    if (this.#ids.has(traceId)) return;
    this.#ids.add(traceId);
    if (this.#ids.size <= CAPACITY) return;
    const oldest = this.#ids.values().next();
    if (!oldest.done) this.#ids.delete(oldest.value);
  }

  has(traceId: string): boolean {
    return this.#ids.has(traceId);
  }
}
