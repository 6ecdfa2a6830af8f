import type { Keys } from '../auth.js';
import type { RejectEvents } from '../faults.js';
import type { Answer } from '../http/answer.js';
import type { LocalRequest } from '../http/exchange.js';
import type { Profile } from '../profiles.js';
import type { MediaStore } from '../store/media-store.js';
import type { Store } from '../store/store.js';

/** What every route may use. */
export interface Context {
  readonly profile: Profile;
  readonly keys: Keys;
  readonly store: Store;
  readonly media: MediaStore;
  /** Traces the OTLP mapping has met: only the first span of a trace makes one up. */
  readonly seenTraces: Set<string>;
  /** Set by a fault: the events for which it gives an entry are refused with it. */
  readonly rejectEvents?: RejectEvents['rejectEvents'];
}

export type Route = (request: LocalRequest, context: Context) => Answer;
