import { isRetryableStatus, LangfuseError } from '../errors.js';
import type { Outcome, Rejection } from '../outcome.js';
import type { EncodedBatch, HttpResponse } from '../ports.js';
import type { ObservationRecord } from '../record.js';

/** One entry of the `errors` of a 207. */
interface EventError extends Rejection {
  readonly id: string;
}

/** Servers in write mode `events_only` (v4's default) say so for each event that belongs to a span or a trace. */
const NOT_ACCEPTED = 'Event type not accepted';

/** In what every version says of a type that it does not know, down to 2.x: `Invalid discriminator value`, `No matching discriminator`. */
const UNKNOWN_TYPE = /discriminator/;

/**
 * A 207 of the ingestion endpoint, event by event. The answer is not in the order of the request, so only ids count.
 * The observation decides what becomes of its record; a trace event refused for good is told beside it.
 */
export function classifyEvents(
  response: HttpResponse,
  body: unknown,
  batch: EncodedBatch,
  records: readonly ObservationRecord[],
): Outcome {
  const successes = idsOf(listIn(body, 'successes'));
  const errors = listIn(body, 'errors')?.map(toEventError);
  if (successes === undefined || errors === undefined) {
    const cause = new LangfuseError('API_ERROR', 'the server answered without saying what it stored', {
      status: response.status,
      isRetryable: true,
    });
    return { kind: 'retry', cause, mayHaveArrived: true };
  }
  const refusal = errors.find(({ message }) => message === NOT_ACCEPTED);
  if (refusal) return { kind: 'wrong_protocol', cause: entryError(refusal) };

  const verdicts: Verdicts = { rejected: new Map(), retry: new Set(), failed: new Map(), traceEventRejections: [] };
  for (const error of errors) judge(error, batch, records, verdicts);
  retryUnnamed(batch, new Set([...successes, ...errors.map(({ id }) => id)]), errors, verdicts);
  const { rejected, retry, failed, traceEventRejections } = verdicts;
  for (const position of rejected.keys()) retry.delete(position);
  if (rejected.size === 0 && retry.size === 0) return { kind: 'accepted', traceEventRejections };
  const [first] = errors;
  const cause = first
    ? entryError(first)
    : new LangfuseError('API_ERROR', 'the server did not say what became of some events', { isRetryable: true });
  return { kind: 'partial', rejected, retry, failed, traceEventRejections, cause };
}

/** What is known so far of the records of a batch, by position. */
interface Verdicts {
  readonly rejected: Map<number, Rejection>;
  readonly retry: Set<number>;
  readonly failed: Map<number, Rejection>;
  readonly traceEventRejections: Rejection[];
}

function judge(
  error: EventError,
  batch: EncodedBatch,
  records: readonly ObservationRecord[],
  verdicts: Verdicts,
): void {
  const positions = batch.recordsOf.get(error.id);
  if (positions === undefined) return;
  const isObservation = records[positions[0] ?? -1]?.id === error.id;
  if (isRetryableStatus(error.status)) {
    for (const position of positions) verdicts.retry.add(position);
    if (isObservation && error.status >= 500) for (const position of positions) verdicts.failed.set(position, error);
  } else if (isObservation) for (const position of positions) verdicts.rejected.set(position, error);
  else verdicts.traceEventRejections.push(error);
}

/**
 * Events in neither list. As many as there are entries with the id "unknown": those are they, refused. Otherwise
 * nobody knows; a repeat changes nothing on the server.
 */
function retryUnnamed(
  batch: EncodedBatch,
  named: ReadonlySet<string>,
  errors: readonly EventError[],
  { rejected, retry }: Verdicts,
): void {
  const unnamed = [...batch.recordsOf].filter(([id]) => !named.has(id));
  const unknown = errors.filter(({ id }) => id === 'unknown');
  const [error] = unknown;
  for (const [, positions] of unnamed) {
    for (const position of positions) {
      if (error !== undefined && unknown.length === unnamed.length) rejected.set(position, error);
      else retry.add(position);
    }
  }
}

function entryError({ status, message }: Rejection): LangfuseError {
  return new LangfuseError('API_ERROR', `the server refused an event with ${status} (${message})`, { status });
}

function listIn(body: unknown, key: 'successes' | 'errors'): readonly unknown[] | undefined {
  const list = isObject(body) ? body[key] : undefined;
  return Array.isArray(list) ? list : undefined;
}

function idsOf(list: readonly unknown[] | undefined): readonly string[] | undefined {
  return list?.map((entry) => (isObject(entry) && typeof entry['id'] === 'string' ? entry['id'] : ''));
}

function toEventError(entry: unknown): EventError {
  const { id, status, message, error } = isObject(entry) ? entry : {};
  return {
    id: typeof id === 'string' ? id : 'unknown',
    status: typeof status === 'number' ? status : 500,
    message: typeof message === 'string' ? message : typeof error === 'string' ? error.slice(0, 200) : 'no message',
    isTypeUnknown: typeof error === 'string' && UNKNOWN_TYPE.test(error),
  };
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
