import type { Held, Lease } from '../ports.js';
import type { DeliveryParts } from './delivery-parts.js';
import { LeftLookup, type LeftVerdict } from './left-lookup.js';
import type { BatchControl } from './unsettled.js';

/** So many questions about single traces with nothing there, and none with something: the server has not got them. */
const ENOUGH_MISSING = 3;
/** As long as this records wait for questions to be allowed. */
const LONGEST_MS = 300_000;
/** Requests of which the verdict is remembered: more records of them may come. */
const MAX_VERDICTS = 100;

const UNASKED: LeftVerdict = { end: 'unverified', found: new Set() };

/** Records that one question is about: of one request, or of one trace where that is not known. */
interface Group {
  readonly held: readonly Held[];
  readonly requests: string | undefined;
}

/**
 * Looks for records that were under way when their process ended. Those that went together need one question. Where the
 * disk does not say for sure which did (after a power cut, or when the process may have lived on) each trace is asked
 * for, and each record looked for by itself: a span that is taken for delivered because of another one would be lost.
 */
export class LeftSearch {
  readonly #parts: DeliveryParts;
  readonly #lookup: LeftLookup;
  readonly #verdicts = new Map<string, LeftVerdict>();

  constructor(parts: DeliveryParts, control: BatchControl) {
    this.#parts = parts;
    this.#lookup = new LeftLookup(parts, control);
  }

  /** Settles what is there, and clears what is to be sent of doubt. `no time`: of the rest it is not known. */
  async lookFor(lease: Lease): Promise<'done' | 'no time'> {
    const until = this.#parts.clock.now() + LONGEST_MS;
    let missing = 0;
    for (const group of groupsOf(lease.held)) {
      const isSingle = group.requests === undefined;
      const verdict = isSingle && missing >= ENOUGH_MISSING ? this.#unasked() : await this.#verdictOn(group, until);
      const rest = this.#settle(lease, group, verdict);
      if (verdict.end === 'waiting') return 'no time';
      if (isSingle) {
        missing = verdict.found.size > 0 ? Number.NEGATIVE_INFINITY : missing + 1;
        for (const item of rest) sendTogether([item]);
      } else sendTogether(rest);
    }
    return 'done';
  }

  /** What was found out about a request holds for all of it. */
  async #verdictOn({ held, requests }: Group, until: number): Promise<LeftVerdict> {
    const known = requests === undefined ? undefined : this.#verdicts.get(requests);
    if (known !== undefined) return known;
    const verdict = await this.#lookup.find(held, requests === undefined ? 'all' : 'any', until);
    if (requests === undefined || verdict.end === 'waiting') return verdict;
    if (this.#verdicts.size >= MAX_VERDICTS) this.#verdicts.clear();
    this.#verdicts.set(requests, verdict);
    return verdict;
  }

  /** A repeat is better than none. */
  #unasked(): LeftVerdict {
    this.#parts.counters.add('lookups', 'unverified');
    return UNASKED;
  }

  /** @returns those that are not there, or not known to be. */
  #settle(lease: Lease, { held, requests }: Group, { end, found }: LeftVerdict): readonly Held[] {
    const { evidence, settlements } = this.#parts;
    const isThere = ({ record }: Held): boolean =>
      requests === undefined ? found.has(record.spanId) : end === 'found';
    const there = held.filter(isThere);
    if (there.length > 0) {
      evidence.pass();
      settlements.delivered(lease, there);
    }
    return held.filter((item) => !isThere(item));
  }
}

/** @param held - no longer in doubt: whatever may have brought one of them would have brought all. */
export function sendTogether(held: readonly Held[]): void {
  const ids = new Set(held.map(({ record }) => record.id));
  for (const { tries } of held) {
    tries.leftInDoubt = undefined;
    // Should the answer to their next request be lost, too, they prove nothing about others in it.
    tries.doubts.push(ids);
  }
}

function groupsOf(held: readonly Held[]): Iterable<Group> {
  const groups = new Map<string, { readonly held: Held[]; readonly requests: string | undefined }>();
  for (const item of held) {
    const requests = item.tries.leftInDoubt?.requests;
    const key = requests ?? `trace ${item.record.traceId}`;
    const group = groups.get(key) ?? { held: [], requests };
    groups.set(key, group);
    group.held.push(item);
  }
  return groups.values();
}
