import type { IngestionEvent } from '../model.js';
import type { Context } from '../routes/context.js';
import { inProcessingOrder } from './order.js';
import { storageOutcome, tableOf } from './storage-loss.js';
import { type EntryError, idOf, typeOf, validate } from './validate.js';

export interface BatchResult {
  readonly successes: readonly { readonly id: string; readonly status: 201 }[];
  readonly errors: readonly EntryError[];
}

/** Takes what is valid and allowed, stores it, and says so; the one order that matters is that of the answer. */
export function acceptEvents(candidates: readonly unknown[], access: 'all' | 'scores', context: Context): BatchResult {
  const { profile, store } = context;
  const isRefused = (candidate: unknown): boolean =>
    profile.storage === 'events_only' && !isScoreOrLog(typeOf(candidate));
  const verdicts = candidates.filter((candidate) => !isRefused(candidate)).map((one) => validate(profile, one));
  const invalid = verdicts.flatMap((verdict) => (verdict.kind === 'invalid' ? [verdict.entry] : []));
  const valid = verdicts.flatMap((verdict) => (verdict.kind === 'valid' ? [verdict.event] : []));
  const denied = access === 'all' ? [] : valid.filter(({ type }) => !isScoreOrLog(type)).map(deniedEntry);
  const scripted = valid.flatMap((event) => scriptedEntry(event, context));
  const turnedAway = new Set([...denied, ...scripted].map(({ id }) => id));

  const events = inProcessingOrder(valid.filter(({ id, type }) => type !== 'sdk-log' && !turnedAway.has(id)));
  const { stored, failed } = storageOutcome(profile, events);
  const failedIds = new Set(failed.map(({ id }) => id));
  const accepted = events.filter(({ id }) => !failedIds.has(id));
  store.addIngestion(stored);
  for (const event of accepted) if (tableOf(event) === 'observations') store.countDelivery(String(event.body['id']));
  return {
    successes: accepted.map(({ id }) => ({ id, status: 201 })),
    errors: [...invalid, ...denied, ...scripted, ...failed, ...candidates.filter(isRefused).map(refusedEntry)],
  };
}

function isScoreOrLog(type: string): boolean {
  return type === 'score-create' || type === 'sdk-log';
}

function deniedEntry({ id }: IngestionEvent): EntryError {
  return { id, status: 401, message: 'Authentication error', error: 'Access Scope Denied' };
}

function scriptedEntry(event: IngestionEvent, { rejectEvents }: Context): EntryError[] {
  const entry = rejectEvents?.(event);
  return entry ? [{ id: event.id, ...entry }] : [];
}

function refusedEntry(candidate: unknown): EntryError {
  const error =
    `Event type "${typeOf(candidate)}" is not accepted by /api/public/ingestion when ` +
    'LANGFUSE_MIGRATION_V4_WRITE_MODE is events_only. This endpoint only accepts score and log events. ' +
    'Upgrade the client or integration to a v4-compatible SDK or OTLP ingestion path.';
  return { id: idOf(candidate), status: 400, message: 'Event type not accepted', error };
}
