import { LangfuseError } from '../errors.js';
import type { Held } from '../ports.js';
import { PatientLookup } from './patient-lookup.js';
import type { BatchContext } from './unsettled.js';

/** So many traces with nothing there, and none with something: the server has not got the request. */
const ENOUGH_MISSING = 3;
/** As long as this a batch waits for its turns. */
const LONGEST_MS = 300_000;

/** Records of one batch: those that can be sent, and those that have to be looked up before. */
interface Parted {
  readonly sure: readonly Held[];
  readonly doubtful: readonly Held[];
}

/**
 * Records from disk that were under way when their process ended: they may be at the server. Each is looked for itself,
 * with one question for each trace: which of them went together in one request, the disk does not say for sure after a
 * power cut, and a span that is taken for delivered because of another one would be lost.
 */
export class LeftInDoubt {
  readonly #context: BatchContext;
  readonly #lookup: PatientLookup;

  constructor(context: BatchContext) {
    this.#context = context;
    this.#lookup = new PatientLookup(context);
  }

  /** Where a repeat shows, and it matters. */
  async part(held: readonly Held[]): Promise<Parted> {
    const { server, resendAmbiguous } = this.#context.parts;
    const isAny = resendAmbiguous !== true && held.some(({ tries }) => tries.isLeftInDoubt);
    if (!isAny || (await server.decide()) !== 'otlp') return { sure: held, doubtful: [] };
    return {
      sure: held.filter(({ tries }) => !tries.isLeftInDoubt),
      doubtful: held.filter(({ tries }) => tries.isLeftInDoubt),
    };
  }

  /** Settles what is there, or all where nothing may be sent twice; the rest, to be sent. */
  async resolve(doubtful: readonly Held[]): Promise<readonly Held[]> {
    const { parts, lease, control } = this.#context;
    if (parts.resendAmbiguous === false) {
      const text = 'spans were under way when their process ended; whether they arrived is not known';
      const error = new LangfuseError('NETWORK_ERROR', text, { isRetryable: false });
      parts.settlements.report(error, doubtful);
      parts.settlements.dropped(lease, doubtful, 'ambiguous', error);
      return [];
    }
    const { clock } = parts;
    const since = clock.now();
    const rest: Held[] = [];
    let empty = 0;
    for (const [traceId, ofTrace] of byTrace(doubtful)) {
      if (control.interrupt.aborted) {
        rest.push(...ofTrace);
        continue;
      }
      const isAsked = empty < ENOUGH_MISSING && clock.now() - since < LONGEST_MS;
      const left = isAsked ? await this.#lookUp(traceId, ofTrace, since) : this.#unverified(ofTrace);
      rest.push(...left);
      if (left.length < ofTrace.length) empty = Number.NEGATIVE_INFINITY;
      else empty++;
    }
    return rest;
  }

  /** A repeat is better than none. */
  #unverified(held: readonly Held[]): readonly Held[] {
    for (const { tries } of held) tries.isLeftInDoubt = false;
    this.#context.parts.counters.add('lookups', 'unverified');
    return held;
  }

  async #lookUp(traceId: string, held: readonly Held[], since: number): Promise<readonly Held[]> {
    const { parts, lease } = this.#context;
    const spanIds = new Set(held.map(({ record }) => record.spanId));
    const { end, found } = await this.#lookup.find(held, { traceId, spanIds, enough: 'all' }, since);
    const there = held.filter(({ record }) => found.has(record.spanId));
    if (there.length > 0) {
      parts.evidence.pass();
      parts.settlements.delivered(lease, there);
    }
    const rest = held.filter((item) => !there.includes(item));
    if (end !== 'waiting') for (const { tries } of rest) tries.isLeftInDoubt = false;
    return rest;
  }
}

function byTrace(held: readonly Held[]): ReadonlyMap<string, readonly Held[]> {
  const traces = new Map<string, Held[]>();
  for (const item of held) {
    const { traceId } = item.record;
    const known = traces.get(traceId);
    if (known === undefined) traces.set(traceId, [item]);
    else known.push(item);
  }
  return traces;
}
