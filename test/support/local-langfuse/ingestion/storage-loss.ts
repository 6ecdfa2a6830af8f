import type { IngestionEvent } from '../model.js';
import type { Profile } from '../profiles.js';
import { depthOf } from './json-depth.js';
import { hasLoneSurrogate, rawTexts } from './raw-texts.js';
import type { EntryError } from './validate.js';

/** What becomes of events the server has acknowledged, or is about to. */
export interface StorageOutcome {
  readonly stored: readonly IngestionEvent[];
  /** v2 stores within the request, so that it can still say so. */
  readonly failed: readonly EntryError[];
}

/** ClickHouse keeps usage as UInt64. */
const USAGE_LIMIT = 2 ** 64;
/** And costs as Decimal64(12). */
const COST_LIMIT = 9_223_372;
const V2_DEPTH = 126;

/** v3 and v4 answer first and insert later: one value that ClickHouse refuses takes its whole insert batch along. */
export function storageOutcome(profile: Profile, events: readonly IngestionEvent[]): StorageOutcome {
  if (profile.storage === 'v2') return v2Outcome(events);
  const lostTables = new Set(events.filter((event) => spoilsInsert(profile, event)).map(tableOf));
  const stored = events.filter((event) => !lostTables.has(tableOf(event)) && !losesItself(profile, event));
  return { stored, failed: [] };
}

/** Whether the server's own recursion breaks before it has looked at any event. */
export function overflowsStack({ deepest }: Profile, events: readonly unknown[]): boolean {
  return events.some((event) => depthOf(event) >= deepest.event || depthOf(metadataIn(event)) >= deepest.metadata);
}

function metadataIn(event: unknown): unknown {
  const { body } = (event ?? {}) as { readonly body?: { readonly metadata?: unknown } | null };
  return body?.metadata;
}

export function tableOf(event: IngestionEvent): 'traces' | 'observations' | 'scores' {
  if (event.type === 'trace-create') return 'traces';
  return event.type === 'score-create' ? 'scores' : 'observations';
}

function v2Outcome(events: readonly IngestionEvent[]): StorageOutcome {
  const failing = new Set(events.filter(failsOnV2));
  const failed = [...failing].map(({ id }) => ({ id, status: 500, error: 'Internal Server Error' }));
  return { stored: events.filter((event) => !failing.has(event)), failed };
}

function failsOnV2({ body }: IngestionEvent): boolean {
  // Ids and sessions are cleaned on the way in; a NUL elsewhere is refused by PostgreSQL.
  const { id: _id, sessionId: _sessionId, ...content } = body;
  const json = JSON.stringify(content);
  // JSON.stringify escapes exactly what PostgreSQL refuses.
  if (/\\u0000|\\ud[89a-f][0-9a-f]{2}/.test(json)) return true;
  return (
    depthOf(body['metadata']) > V2_DEPTH || depthOf(body['input']) > V2_DEPTH || valuesOf(body['usage']).some(isHuge)
  );
}

function spoilsInsert(profile: Profile, { body }: IngestionEvent): boolean {
  if (rawTexts(body).some(hasLoneSurrogate)) return true;
  if (valuesOf(body['usageDetails']).some(isHuge) || valuesOf(body['usage']).some(isHuge)) return true;
  // 3.37 takes fractions of tokens, which no column does.
  if (profile.usageDetails === 'numbers' && !valuesOf(body['usageDetails']).every(Number.isInteger)) return true;
  return profile.largeCosts === 'lost' && valuesOf(body['costDetails']).some((cost) => cost > COST_LIMIT);
}

function losesItself(profile: Profile, { id, type, body }: IngestionEvent): boolean {
  // 3.37 takes line ends in ids and NULs in sessions, and its worker fails on them.
  if (profile.usageDetails !== 'numbers') return false;
  const session = type === 'trace-create' ? String(body['sessionId'] ?? '') : '';
  return id.includes('\r') || String(body['id']).includes('\r') || session.includes('\0');
}

function isHuge(count: number): boolean {
  return count >= USAGE_LIMIT;
}

function valuesOf(map: unknown): number[] {
  return Object.values(map ?? {}).filter((value): value is number => typeof value === 'number');
}
