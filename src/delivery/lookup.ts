import type { Clock, HttpRequest, HttpResponse, LookupPage, Transport } from '../ports.js';
import { withDeadline } from '../runtime/deadline.js';
import type { Logger } from '../runtime/logger.js';

/** Look-ups in any minute; a server that loses many answers has other worries. */
const A_MINUTE = 10;
const MINUTE_MS = 60_000;
/** What cannot be asked is not asked again before this. */
const REFUSED_MS = 10 * MINUTE_MS;
const TIMEOUT_MS = 5_000;
/** The most that the route gives. */
const PAGE_ROWS = 1_000;
/** A trace with more observations than these pages hold is left unread. */
const MAX_PAGES = 5;
/** So often an empty answer, and never another: this server keeps nothing where we look (v4 in its legacy mode). */
const ENOUGH_EMPTY = 4;

export interface LookupParts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly readRows: (response: HttpResponse, traceId: string) => LookupPage;
}

/** Observations of one trace, and how many of them have to be there. */
export interface Wanted {
  readonly traceId: string;
  readonly spanIds: ReadonlySet<string>;
  readonly enough: 'any' | 'all';
  /** Nobody knows whether they left: that nothing is there says nothing about the server. */
  readonly mayNotHaveLeft?: boolean;
}

export interface LookupAnswer {
  /**
   * `found`: enough are there. `missing`: they are not, on a server that has shown observations before. `unknown`: the
   * answer proves nothing. `failed`: there was none.
   */
  readonly kind: 'found' | 'missing' | 'unknown' | 'failed';
  /** Those that are there, as far as was looked. */
  readonly found: ReadonlySet<string>;
}

/**
 * Asks a v4 server whether it has observations. There a request that is sent twice shows twice, in lists and in
 * metrics, for minutes or longer.
 */
export class Lookup {
  readonly #parts: LookupParts;
  readonly #said = new Set<string>();
  #askedAt: readonly number[] = [];
  #refusedUntil = 0;
  #hasShownRows = false;
  #empty = 0;

  constructor(parts: LookupParts) {
    this.#parts = parts;
  }

  /** False when the server does not answer such questions. */
  get isPossible(): boolean {
    return this.#parts.clock.now() >= this.#refusedUntil;
  }

  /** Milliseconds until another look-up is allowed. */
  get waitMs(): number {
    const now = this.#parts.clock.now();
    this.#askedAt = this.#askedAt.filter((at) => now - at < MINUTE_MS);
    const [oldest] = this.#askedAt;
    return oldest === undefined || this.#askedAt.length < A_MINUTE ? 0 : oldest + MINUTE_MS - now;
  }

  /** Never rejects. */
  async find({ traceId, spanIds, enough, mayNotHaveLeft = false }: Wanted, signal: AbortSignal): Promise<LookupAnswer> {
    const { clock } = this.#parts;
    const found = new Set<string>();
    const least = enough === 'any' ? 1 : spanIds.size;
    this.#askedAt = [...this.#askedAt, clock.now()];
    let cursor: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const answer = await this.#ask(traceId, cursor, signal);
      if (answer.kind !== 'rows') return { kind: this.#without(answer, signal), found };
      if (answer.ids.length > 0) this.#hasShownRows = true;
      for (const id of answer.ids) if (spanIds.has(id)) found.add(id);
      if (found.size >= least) return { kind: 'found', found };
      cursor = answer.cursor;
      if (cursor === undefined) return { kind: this.#hasShownRows ? 'missing' : this.#unproven(mayNotHaveLeft), found };
    }
    return { kind: 'unknown', found };
  }

  async #ask(traceId: string, cursor: string | undefined, signal: AbortSignal): Promise<LookupPage> {
    const { transport, clock, readRows } = this.#parts;
    try {
      const request = requestFor(traceId, cursor);
      const response = await withDeadline(clock, TIMEOUT_MS, (deadline) => transport.send(request, deadline), signal);
      return readRows(response, traceId);
    } catch {
      return { kind: 'failed', text: 'it did not answer' };
    }
  }

  #without({ kind, text }: LookupPage & { kind: 'refused' | 'failed' }, signal: AbortSignal): 'failed' | 'unknown' {
    if (kind === 'failed') {
      // Else it was given up by ourselves.
      if (!signal.aborted) this.#say('does not tell', text);
      return 'failed';
    }
    this.#refuse(text);
    return 'unknown';
  }

  #unproven(mayNotHaveLeft: boolean): 'unknown' {
    if (!mayNotHaveLeft) this.#empty++;
    if (this.#empty >= ENOUGH_EMPTY) this.#refuse('it never shows any');
    return 'unknown';
  }

  #refuse(text: string): void {
    this.#refusedUntil = this.#parts.clock.now() + REFUSED_MS;
    this.#say('cannot be asked', text);
  }

  /** Once for each reason. */
  #say(what: 'cannot be asked' | 'does not tell', text: string): void {
    if (this.#said.has(text)) return;
    this.#said.add(text);
    const consequence = 'a request whose answer is lost is sent again, and may show twice';
    this.#parts.logger.warn(`Langfuse ${what} which observations it has (${text}): ${consequence}`);
  }
}

function requestFor(traceId: string, cursor: string | undefined): HttpRequest {
  const query = new URLSearchParams({ traceId, fields: 'core', limit: String(PAGE_ROWS) });
  if (cursor !== undefined) query.set('cursor', cursor);
  return {
    method: 'GET',
    path: `/api/public/v2/observations?${query}`,
    headers: { accept: 'application/json' },
    isRepeatable: true,
  };
}
