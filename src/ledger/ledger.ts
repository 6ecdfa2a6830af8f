import { DROP_REASONS, type DropReason, REFUSAL_REASONS, type RefusalReason } from '../model.js';

/**
 * What became of every ended span of one destination. The unit is one ended span. Two equations hold at any moment:
 *
 *     ended = unsampled + filtered + Σ refused + accepted
 *     accepted + recovered = delivered + rejected + sampledOut + Σ dropped + queued + inFlight + spooled
 */
export interface Ledger {
  /** Spans whose end we saw. */
  readonly ended: number;
  /** Turned away by the SDK's sampler: recorded, but not to be exported. */
  readonly unsampled: number;
  /** Turned away by the filter. */
  readonly filtered: number;
  readonly refused: Readonly<{ [reason in RefusalReason]: number }>;
  readonly accepted: number;
  /** Records found on disk, left by an earlier process. */
  readonly recovered: number;
  /** The server said it has them. */
  readonly delivered: number;
  /** The server refused them for good. */
  readonly rejected: number;
  /** Turned away by our own sampling, whole traces at a time. */
  readonly sampledOut: number;
  readonly dropped: Readonly<{ [reason in DropReason]: number }>;
  /** In memory, waiting. */
  readonly queued: number;
  /** In a request, or between two attempts of it. */
  readonly inFlight: number;
  /** On disk, waiting. */
  readonly spooled: number;
}

/** How many spans are held where, counted from the containers themselves and not from the ledger's own flow. */
export interface Holdings {
  readonly queued: number;
  readonly inFlight: number;
  readonly spooled: number;
}

type Counts<K extends string> = { [key in K]: number };

function zeros<K extends string>(keys: readonly K[]): Counts<K> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Counts<K>;
}

/** The single owner of the numbers. Whoever decides a span's fate writes it here, once. */
export class LedgerBook {
  readonly #holdings: () => Holdings;
  readonly #refused = zeros(REFUSAL_REASONS);
  readonly #dropped = zeros(DROP_REASONS);
  #ended = 0;
  #unsampled = 0;
  #filtered = 0;
  #accepted = 0;
  #recovered = 0;
  #delivered = 0;
  #rejected = 0;
  #sampledOut = 0;

  /** @param holdings - counts what is held now; asked whenever the ledger is read. */
  constructor(holdings: () => Holdings) {
    this.#holdings = holdings;
  }

  end(): void {
    this.#ended++;
  }

  unsampled(): void {
    this.#unsampled++;
  }

  filter(): void {
    this.#filtered++;
  }

  refuse(reason: RefusalReason): void {
    this.#refused[reason]++;
  }

  accept(): void {
    this.#accepted++;
  }

  deliver(spans: number): void {
    this.#delivered += spans;
  }

  reject(spans: number): void {
    this.#rejected += spans;
  }

  recover(spans: number): void {
    this.#recovered += spans;
  }

  sampleOut(spans: number): void {
    this.#sampledOut += spans;
  }

  drop(reason: DropReason, spans: number): void {
    this.#dropped[reason] += spans;
  }

  read(): Ledger {
    const { queued, inFlight, spooled } = this.#holdings();
    return {
      ended: this.#ended,
      unsampled: this.#unsampled,
      filtered: this.#filtered,
      refused: { ...this.#refused },
      accepted: this.#accepted,
      recovered: this.#recovered,
      delivered: this.#delivered,
      rejected: this.#rejected,
      sampledOut: this.#sampledOut,
      dropped: { ...this.#dropped },
      queued,
      inFlight,
      spooled,
    };
  }
}

export function sumOf(counts: Readonly<{ [key: string]: number }>): number {
  let sum = 0;
  for (const count of Object.values(counts)) sum += count;
  return sum;
}

/** What is wrong with the books, in words; undefined when they balance. */
export function imbalanceOf(ledger: Ledger): string | undefined {
  const seen = ledger.unsampled + ledger.filtered + sumOf(ledger.refused) + ledger.accepted;
  if (seen !== ledger.ended) return `${ledger.ended} spans ended, but ${seen} are accounted for at the door`;
  const into = ledger.accepted + ledger.recovered;
  const settled = ledger.delivered + ledger.rejected + ledger.sampledOut + sumOf(ledger.dropped);
  const held = ledger.queued + ledger.inFlight + ledger.spooled;
  if (into !== settled + held) return `${into} spans came in, but ${settled} are settled and ${held} are held`;
  return undefined;
}
