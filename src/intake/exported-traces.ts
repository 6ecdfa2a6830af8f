import { Generations } from './generations.js';

const CAPACITY = 10_000;

/**
 * Traces of which something was exported, for spans whose start nobody told us (a processor that hands on only ends).
 * Those longest unused are forgotten first.
 */
export class ExportedTraces {
  readonly #ids = new Generations<true>(CAPACITY);

  add(traceId: string): void {
    if (!this.has(traceId)) this.#ids.set(traceId, true);
  }

  has(traceId: string): boolean {
    return this.#ids.get(traceId) !== undefined;
  }
}
