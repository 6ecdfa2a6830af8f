import type { Clock } from '../ports.js';

/** An owner shows itself every ten seconds; one that has not for so long is taken for dead. */
export const LEASE_MS = 60_000;
/** A clock may be wrong, and may jump: an old time alone proves nothing, so the lease is looked at twice. */
const SECOND_LOOK_MS = 15_000;

interface Seen {
  readonly modifiedMs: number;
  readonly since: number;
}

/**
 * Which leases have not been refreshed for a minute. By the time that passes here while nothing changes; when the
 * file's own time is a minute ago already, a quarter of it is enough.
 */
export class StaleLeases {
  readonly #clock: Clock;
  #seen = new Map<string, Seen>();
  #lookedAt = new Map<string, Seen>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isStale(path: string, modifiedMs: number): boolean {
    const now = this.#clock.now();
    const before = this.#seen.get(path);
    const seen = before?.modifiedMs === modifiedMs ? before : { modifiedMs, since: now };
    this.#lookedAt.set(path, seen);
    const unchangedMs = now - seen.since;
    const looksOld = this.#clock.wallMs() - modifiedMs >= LEASE_MS;
    return unchangedMs >= (looksOld ? SECOND_LOOK_MS : LEASE_MS);
  }

  /** After each round: what was not looked at is there no more. */
  forgetOthers(): void {
    this.#seen = this.#lookedAt;
    this.#lookedAt = new Map();
  }
}
