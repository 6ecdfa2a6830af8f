import { isUpdate, timeOf } from '../ingestion/order.js';
import type { IngestionEvent } from '../model.js';

/** More files of one entity are not listed, and so lost to the merge. */
const MAX_FILES = 200;

/**
 * Everything the server knows about one trace, observation or score: v3 and v4 write a file per request and merge all
 * files anew each time; v2 and the OTLP path of v3 write straight onto the row.
 */
export class Entity {
  readonly firstStoredAt: string = new Date().toISOString();
  readonly #files = new Map<string, readonly IngestionEvent[]>();
  /** What was on the row when the files were merged last, and what came on top of it since. */
  #before: IngestionEvent[] = [];
  #after: IngestionEvent[] = [];
  #areFilesMerged = true;
  #shown: unknown;

  /** Whether any of it came through `/ingestion` of v3 or v4. */
  get hasFiles(): boolean {
    return this.#files.size > 0;
  }

  /** A file is named after its first event: the same event id again replaces it. */
  addFile(events: readonly IngestionEvent[]): void {
    const [first] = events;
    if (!first) return;
    this.#shown = undefined;
    this.#files.set(first.id, events);
    this.#before = [...this.#before, ...this.#after];
    this.#after = [];
    this.#areFilesMerged = true;
  }

  addToRow(events: readonly IngestionEvent[]): void {
    this.#shown = undefined;
    this.#after.push(...events);
  }

  /** A row written without a look at what was there. */
  replaceRow(events: readonly IngestionEvent[]): void {
    this.#shown = undefined;
    this.#before = [];
    this.#after = inMergeOrder(events);
    this.#areFilesMerged = false;
  }

  /** Merged anew only when something has come since: tests look often. */
  merged<T>(merge: (entity: Entity) => T): T {
    this.#shown ??= merge(this);
    return this.#shown as T;
  }

  /** In the order they apply. */
  events(): IngestionEvent[] {
    return [...this.#before, ...this.#eventsInFiles(), ...this.#after];
  }

  #eventsInFiles(): IngestionEvent[] {
    if (!this.#areFilesMerged) return [];
    const names = [...this.#files.keys()].sort().slice(0, MAX_FILES);
    return inMergeOrder(names.flatMap((name) => this.#files.get(name) ?? []));
  }
}

/** The server's comparator calls two creates of one time unequal both ways, which turns them round: the first wins. */
export function inMergeOrder(events: readonly IngestionEvent[]): IngestionEvent[] {
  return events.toReversed().sort((a, b) => timeOf(a) - timeOf(b) || Number(isUpdate(a)) - Number(isUpdate(b)));
}
