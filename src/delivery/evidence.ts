import type { ServerSeen, SuspicionSoFar } from '../ports.js';

/**
 * What the requests of all batches say about the server: whether it works for anybody. Tells a server that is down from
 * one that stumbles over a single record.
 */
export class Evidence {
  #passed = 0;
  #failed = 0;
  /** Of records that failed alone. */
  readonly #suspects = new Set<SuspicionSoFar>();

  /** The server took something. */
  pass(): void {
    this.#passed++;
  }

  /** A request failed of which no single record is suspected. */
  fail(): void {
    this.#failed++;
  }

  now(): ServerSeen {
    return { passed: this.#passed, failed: this.#failed };
  }

  /** Something passed since then. */
  hasPassedSince(seen: ServerSeen | undefined): boolean {
    return seen !== undefined && this.#passed > seen.passed;
  }

  /** Something passed since then, and nothing failed that should have passed. */
  worksSince(seen: ServerSeen | undefined): boolean {
    return this.hasPassedSince(seen) && this.#failed === seen?.failed;
  }

  suspect(suspicion: SuspicionSoFar): void {
    this.#suspects.add(suspicion);
  }

  /** How many of the records that wait or are on their way failed alone. */
  get suspects(): number {
    for (const suspicion of this.#suspects) if (suspicion.isOver) this.#suspects.delete(suspicion);
    return this.#suspects.size;
  }
}
