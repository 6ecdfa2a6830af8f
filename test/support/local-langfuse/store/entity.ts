import { isUpdate, timeOf } from '../ingestion/order.js';
import type { IngestionEvent } from '../model.js';

/** More files of one entity are not listed, and so lost to the merge. */
export const MAX_FILES = 200;

/**
 * Everything the server knows about one trace, observation or score: v3 and v4 write a file per request and merge all
 * files anew each time; v2 and the OTLP path of v3 write straight onto the row.
 */
export class Entity {
  readonly firstStoredAt: string = new Date().toISOString();
  readonly #files = new Map<string, readonly IngestionEvent[]>();
  /** What was on the row when the files were merged last, and what came on top of it since. */
  readonly #before: IngestionEvent[] = [];
  #after: IngestionEvent[] = [];

  #shown: unknown;

  /** A file is named after its first event: the same event id again replaces it. */
  addFile(events: readonly IngestionEvent[]): void {
    const [first] = events;
    if (!first) return;
    this.#shown = undefined;
    this.#files.set(first.id, events);
    this.#before.push(...this.#after);
    this.#after = [];
  }

  addToRow(events: readonly IngestionEvent[]): void {
    this.#shown = undefined;
    this.#after.push(...events);
  }

  /** Merged anew only when something has come since: tests look often. */
  merged<T>(merge: (entity: Entity) => T): T {
    this.#shown ??= merge(this);
    return this.#shown as T;
  }

  /** In the order they apply. */
  events(): IngestionEvent[] {
    const names = [...this.#files.keys()].sort().slice(0, MAX_FILES);
    const inFiles = names.flatMap((name) => this.#files.get(name) ?? []);
    return [...this.#before, ...inMergeOrder(inFiles), ...this.#after];
  }
}

/** The server's comparator calls two creates of one time unequal both ways, which turns them round: the first wins. */
function inMergeOrder(events: readonly IngestionEvent[]): IngestionEvent[] {
  return events.toReversed().sort((a, b) => timeOf(a) - timeOf(b) || Number(isUpdate(a)) - Number(isUpdate(b)));
}
