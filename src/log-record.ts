import type { HrTime, ScopeLike, SpanContextLike } from './span.js';

/**
 * A log record as the logs SDKs that belong to SDK 1.x, 2.x and 3.x hand it to processors, and nothing we do not read.
 * Old ones have no `eventName`: there the attribute `event.name` says it. Body and attribute values may be anything.
 */
export interface LogRecordLike {
  readonly hrTime?: HrTime | undefined;
  /** Of the span in whose context it was emitted. */
  readonly spanContext?: SpanContextLike | undefined;
  readonly eventName?: string | undefined;
  readonly body?: unknown;
  readonly attributes?: object | undefined;
  readonly instrumentationScope?: ScopeLike | undefined;
}
