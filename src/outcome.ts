import type { LangfuseError } from './errors.js';

/** Why the server refused one record for good. */
export interface Rejection {
  readonly status: number;
  readonly message: string;
  /** The server does not know events of this type at all. */
  readonly isTypeUnknown?: boolean | undefined;
}

/** What came of one request. `cause` is always the error a user would be shown. */
export type Outcome =
  /** The server has every record of it, but for so many that it refused for good without saying which. */
  | {
      readonly kind: 'accepted';
      readonly traceEventRejections: readonly Rejection[];
      readonly refusedUnnamed?: { readonly count: number; readonly cause: LangfuseError };
      /** A rate limit is used up: the next request is refused unless it waits so long. */
      readonly restMs?: number;
    }
  /** Told record by record, by position in the batch; what is in neither list was accepted. */
  | {
      readonly kind: 'partial';
      readonly rejected: ReadonlyMap<number, Rejection>;
      readonly retry: ReadonlySet<number>;
      /** Those of `retry` for which the server said that it failed (5xx). */
      readonly failed?: ReadonlyMap<number, Rejection>;
      readonly traceEventRejections: readonly Rejection[];
      readonly cause: LangfuseError;
      readonly restMs?: number;
    }
  /** Nothing is known to be wrong with the request; later it may pass. `mayHaveArrived`: only the answer may be lost. */
  | {
      readonly kind: 'retry';
      readonly cause: LangfuseError;
      readonly mayHaveArrived: boolean;
      readonly afterMs?: number | undefined;
    }
  /** The request itself is bad, for a reason somewhere in its content. */
  | { readonly kind: 'refused'; readonly cause: LangfuseError }
  | { readonly kind: 'too_large'; readonly cause: LangfuseError }
  /** This server does not take spans at this endpoint. */
  | { readonly kind: 'wrong_protocol'; readonly cause: LangfuseError }
  /** Somebody has to change something: keys, address, plan. */
  | { readonly kind: 'hold'; readonly cause: LangfuseError };

export const OUTCOME_KINDS: readonly Outcome['kind'][] = [
  'accepted',
  'partial',
  'retry',
  'refused',
  'too_large',
  'wrong_protocol',
  'hold',
];
