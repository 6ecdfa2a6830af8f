import { randomUUID } from 'node:crypto';
import { type Answer, json } from './http/answer.js';
import { hasLoneSurrogate, rawTexts } from './ingestion/raw-texts.js';
import { storageOutcome } from './ingestion/storage-loss.js';
import { type EntryError, validate } from './ingestion/validate.js';
import type { EventRow, IngestionEvent } from './model.js';
import { misread } from './otlp-misread.js';
import { breaksWorker, spanIdsOf } from './otlp-spans.js';
import type { Context } from './routes/context.js';

/** How spans become what Langfuse keeps: rules of their own, in a folder of their own. */
export interface OtlpMapping {
  /** The text of the 400 that refuses the whole export. */
  rejectionOf(body: unknown): string | undefined;
  /** The shape of v3; adds the traces it meets to `seen`. */
  toIngestionEvents(body: unknown, seen: Set<string>): IngestionEvent[];
  toEventRows(body: unknown): EventRow[];
}

interface Results {
  readonly stored: readonly IngestionEvent[];
  readonly errors: readonly EntryError[];
}

/** Stores an export the way the server's version does, and answers as it does: mostly before it knows the outcome. */
export function storeExport(body: unknown, mapping: OtlpMapping, context: Context): Answer {
  const { profile, store } = context;
  const rejection = mapping.rejectionOf(body);
  if (rejection !== undefined && profile.malformedExport === '400') return json(400, { error: rejection });
  const isLost = rejection !== undefined || breaksWorker(body, profile);
  if (isLost && profile.malformedExport === '500') {
    return json(500, { message: 'Internal Server Error', error: rejection ?? 'Cannot read properties of undefined' });
  }
  for (const id of spanIdsOf(body)) store.countDelivery(id);
  const results = isLost ? { stored: [], errors: [] } : storeSpans(body, mapping, context);
  if (profile.otlp === '200 job') return json(200, { name: 'otel-ingestion-job', data: { id: randomUUID() } });
  const successes = results.stored.map(({ id }) => ({ id, status: 201 }));
  return json(profile.otlp === '207 results' ? 207 : 200, { successes, errors: results.errors });
}

function storeSpans(body: unknown, mapping: OtlpMapping, { profile, store, seenTraces }: Context): Results {
  if (profile.storage === 'dual' || profile.storage === 'events_only') {
    const rows = mapping.toEventRows(body);
    if (!rows.some(spoilsInsert)) store.addRows(rows);
  }
  if (profile.storage === 'events_only') return { stored: [], errors: [] };
  const spans = profile.misreadsOtlpJson ? misread(body) : body;
  const verdicts = mapping.toIngestionEvents(spans, seenTraces).map((event) => validate(profile, event));
  const valid = verdicts.flatMap((verdict) => (verdict.kind === 'valid' ? [verdict.event] : []));
  store.addMapped(storageOutcome(profile, valid).stored);
  return { stored: valid, errors: verdicts.flatMap((verdict) => (verdict.kind === 'invalid' ? [verdict.entry] : [])) };
}

const USAGE_LIMIT = 2 ** 64;

function spoilsInsert(row: EventRow): boolean {
  return rawTexts({ ...row }).some(hasLoneSurrogate) || Object.values(row.usageDetails).some((n) => n >= USAGE_LIMIT);
}
