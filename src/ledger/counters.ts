import { REPAIRS, type RepairKind, TRUNCATIONS, type TruncationKind } from '../wire-rules.js';

type Counts<K extends string> = Readonly<{ [kind in K]: number }>;

/** What happened to spans on their way, beside what became of them: counted since the start. */
export interface Counters {
  /** Spans of which something had to be changed so that no server chokes on it. */
  readonly repaired: Counts<RepairKind>;
  /** Spans of whose content something is missing. */
  readonly truncated: Counts<TruncationKind>;
  /**
   * Requests of which it was not known whether they had arrived: found at the server, not found and sent again, or
   * impossible to look up and sent again. Of spans that were under way when their process died, each trace counts.
   */
  readonly lookups: Counts<'found' | 'missing' | 'unverified'>;
  /** Trace events that the server refused for good, while their observations were judged by themselves. */
  readonly traceEvents: Counts<'refused'>;
}

/** All at zero: a topic or a kind that is new in `Counters` has to be new here, too. */
function noCounts(): Counters {
  return {
    repaired: zeros(REPAIRS),
    truncated: zeros(TRUNCATIONS),
    lookups: { found: 0, missing: 0, unverified: 0 },
    traceEvents: { refused: 0 },
  };
}

function zeros<K extends string>(kinds: Readonly<{ [kind in K]: unknown }>): Counts<K> {
  return Object.fromEntries(Object.keys(kinds).map((kind) => [kind, 0])) as Counts<K>;
}

/** The single owner of these numbers. */
export class CounterBook {
  #counts: Counters = noCounts();

  add<T extends keyof Counters>(topic: T, kind: keyof Counters[T], count: number = 1): void {
    const counts = this.#counts[topic];
    this.#counts = { ...this.#counts, [topic]: { ...counts, [kind]: Number(counts[kind]) + count } };
  }

  /** What had to be changed of one span. */
  noteChanges(kinds: readonly string[] | undefined): void {
    for (const kind of kinds ?? []) {
      if (isKindOf(REPAIRS, kind)) this.add('repaired', kind);
      else if (isKindOf(TRUNCATIONS, kind)) this.add('truncated', kind);
    }
  }

  /** A snapshot: later counts are not in it. */
  read(): Counters {
    return this.#counts;
  }
}

function isKindOf<K extends string>(kinds: Readonly<{ [kind in K]: unknown }>, kind: string): kind is K {
  return Object.hasOwn(kinds, kind);
}
