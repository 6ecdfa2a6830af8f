import type { LogCounts } from '../ledger/log-counts.js';
import type { Clock, HttpRequest, ServerTraits, Transport } from '../ports.js';
import type { ContentUpdate } from '../record.js';
import { withDeadline } from '../runtime/deadline.js';
import type { CircuitBreaker } from './circuit-breaker.js';
import type { LangfuseServer } from './protocol.js';
import { parseVersion } from './server-version.js';

/** What waits to be sent; more is given up. */
const MAX_UPDATES = 1_000;
const MAX_UNITS = 8 * 1024 * 1024;
/** Content of one request, in UTF-16 units; a single update may be larger. */
const BATCH_UNITS = 1024 * 1024;
/** With the server's limit of 4.5 MB for a request in mind. */
const MAX_UPDATE_UNITS = 1024 * 1024;
const MAX_ATTEMPTS = 3;
const AGAIN_MS = 5_000;

export interface ContentUpdatesParts {
  readonly server: LangfuseServer;
  readonly transport: Transport;
  readonly breaker: CircuitBreaker;
  readonly clock: Clock;
  readonly counts: LogCounts;
  readonly attemptTimeoutMs: number;
  readonly write: (updates: readonly ContentUpdate[], traits: ServerTraits) => string;
}

interface Pending {
  readonly update: ContentUpdate;
  /** How many log records it brings. */
  readonly records: number;
  attempts: number;
}

/**
 * Sends content that came after its span to a server that adds it to what it has. Beside the spans and their ledger: it
 * never goes while the circuit is not closed, is tried three times, and then counted as late.
 */
export class ContentUpdates {
  readonly #parts: ContentUpdatesParts;
  #pending: Pending[] = [];
  #underWay: Promise<void> | undefined;
  #isScheduled = false;
  #isClosed = false;

  constructor(parts: ContentUpdatesParts) {
    this.#parts = parts;
  }

  /** Of log records whose update is not sent yet. */
  get waitingRecords(): number {
    return recordsIn(this.#pending);
  }

  /** v2 and v3 merge the events of an observation; v4 stores a second one. */
  get canMerge(): boolean {
    const { protocol, traits } = this.#parts.server;
    return protocol !== 'otlp' && (parseVersion(traits.version)?.[0] ?? 3) < 4;
  }

  add(update: ContentUpdate | undefined, records: number): void {
    const hasRoom = this.#pending.length < MAX_UPDATES && unitsIn(this.#pending) < MAX_UNITS;
    if (update === undefined || this.#isClosed || !hasRoom || unitsOf(update) > MAX_UPDATE_UNITS) {
      this.#parts.counts.settle('late', records);
      return;
    }
    this.#pending.push({ update, records, attempts: 0 });
    void this.flush();
  }

  /** Sends what is there, once. Never rejects. */
  flush(): Promise<void> {
    this.#underWay ??= this.#sendAll().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  /** Nothing is sent any more. */
  close(): void {
    this.#isClosed = true;
    this.#giveUp();
  }

  async #sendAll(): Promise<void> {
    const { breaker } = this.#parts;
    if (!this.canMerge) this.#giveUp();
    const tried = new Set<Pending>();
    for (let batch = this.#nextBatch(tried); batch.length > 0; batch = this.#nextBatch(tried)) {
      if (breaker.state !== 'closed') break;
      for (const pending of batch) tried.add(pending);
      await this.#send(batch);
    }
    if (this.#pending.length > 0) this.#tryAgain();
  }

  #giveUp(): void {
    this.#parts.counts.settle('late', this.waitingRecords);
    this.#pending = [];
  }

  #nextBatch(tried: ReadonlySet<Pending>): readonly Pending[] {
    const batch: Pending[] = [];
    let units = 0;
    for (const pending of this.#pending) {
      if (tried.has(pending)) continue;
      units += unitsOf(pending.update);
      if (batch.length > 0 && units > BATCH_UNITS) break;
      batch.push(pending);
    }
    return batch;
  }

  /** What is sent stays among the pending until the answer, so that it is counted somewhere at any moment. */
  async #send(batch: readonly Pending[]): Promise<void> {
    const { counts } = this.#parts;
    const taken = await this.#attempt(batch);
    const open = new Set(this.#pending);
    const done = new Set<Pending>();
    for (const pending of batch) {
      // Given up meanwhile, and counted then.
      if (!open.has(pending)) continue;
      pending.attempts++;
      const isTaken = taken.has(pending.update.id);
      if (!isTaken && pending.attempts < MAX_ATTEMPTS) continue;
      done.add(pending);
      counts.settle(isTaken ? 'merged' : 'late', pending.records);
    }
    this.#pending = this.#pending.filter((pending) => !done.has(pending));
  }

  /** The ids of the events that the server took. */
  async #attempt(batch: readonly Pending[]): Promise<ReadonlySet<string>> {
    const { clock, transport, attemptTimeoutMs, write, server } = this.#parts;
    const updates = batch.map(({ update }) => update);
    const request: HttpRequest = {
      method: 'POST',
      path: '/api/public/ingestion',
      headers: { 'content-type': 'application/json' },
      body: write(updates, server.traits),
      isRepeatable: true,
    };
    try {
      const { text } = await withDeadline(clock, attemptTimeoutMs, (signal) => transport.send(request, signal));
      return successesIn(text);
    } catch {
      return new Set();
    }
  }

  #tryAgain(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#parts.clock.after(AGAIN_MS, () => {
      this.#isScheduled = false;
      void this.flush();
    });
  }
}

function recordsIn(pending: readonly Pending[]): number {
  return pending.reduce((sum, { records }) => sum + records, 0);
}

function unitsIn(pending: readonly Pending[]): number {
  return pending.reduce((sum, { update }) => sum + unitsOf(update), 0);
}

function unitsOf({ input = '', output = '' }: ContentUpdate): number {
  return input.length + output.length;
}

function successesIn(text: string): ReadonlySet<string> {
  const { successes } = JSON.parse(text) as { readonly successes?: readonly { readonly id?: unknown }[] };
  return new Set(successes?.map(({ id }) => String(id)));
}
