import { isDeepStrictEqual } from 'node:util';
import type { TraceFields } from '../model.js';
import type { HrTime } from '../span.js';
import { isBefore } from './times.js';

/** Who said something of a trace. */
export interface Speaker {
  readonly authority: number;
  /** When the span began that said it. */
  readonly startTime: HrTime;
}

export interface Claim<T> extends Speaker {
  readonly value: T;
}

type Metadata = TraceFields['metadata'];

/** Metadata from several speakers: keys add up, and where they differ the stronger one is right. */
export class MergedMetadata {
  value: Metadata;
  #by: Speaker | undefined;

  copyTo(other: MergedMetadata): void {
    other.value = this.value;
    other.#by = this.#by;
  }

  /** The same object as before when nothing in it is new. */
  add(by: Speaker, news: Metadata): Metadata {
    if (news === undefined) return this.value;
    if (isStronger(by, this.#by)) {
      this.#by = by;
      this.value = joined(this.value, news);
    } else this.value = joined(news, this.value, this.value);
    return this.value;
  }
}

/** The one nearer to the root; of equals the one that began later, as on the server. */
export function isStronger(claim: Speaker, known: Speaker | undefined): boolean {
  if (known === undefined) return true;
  return claim.authority === known.authority
    ? !isBefore(claim.startTime, known.startTime)
    : claim.authority > known.authority;
}

/** Both, `nearer` winning; `before` itself when that says all of it already. */
export function joined(farther: Metadata, nearer: Metadata, before: Metadata = farther): Metadata {
  if (farther === undefined || nearer === undefined) return farther ?? nearer;
  const both = { ...farther, ...nearer };
  return isDeepStrictEqual(both, before) ? before : both;
}
