import { accessOf } from '../auth.js';
import { type Answer, json, notFoundPage } from '../http/answer.js';
import type { LocalRequest } from '../http/exchange.js';
import { toApiRow } from '../read/api-row.js';
import { toApiObservation, toApiTrace } from '../read/api-shape.js';
import { propagatedRows } from '../read/propagated-rows.js';
import type { Context } from './context.js';

const EVENTS_ONLY =
  'This endpoint is not available on deployments running in Langfuse v4 events_only mode. ' +
  'Learn more about Langfuse v4 at: https://langfuse.com/docs/v4';
const NEEDS_V4 =
  'The observations v2 API is only available in a Langfuse v4 write mode. Learn more at: https://langfuse.com/docs/v4';

/** `GET /api/public/traces/{id}`: not on v4 without the tables of v3. */
export function readTrace(request: LocalRequest, { profile, keys, store }: Context): Answer {
  const refusal = refusalOf(request, keys);
  if (refusal) return refusal;
  if (profile.storage === 'events_only') return json(404, { message: EVENTS_ONLY });
  const id = decodeURIComponent(request.path.slice('/api/public/traces/'.length));
  const trace = store.traces().find((one) => one.id === id);
  if (!trace) {
    const which = profile.storage === 'v2' ? 'Trace' : `Trace ${id}`;
    return json(404, { message: `${which} not found within authorized project`, error: 'LangfuseNotFoundError' });
  }
  const observations = newestFirst(store.observations().filter(({ traceId }) => traceId === id));
  return json(200, toApiTrace(trace, observations, store.scores(), profile));
}

/** `GET /api/public/observations?traceId=` */
export function readObservations(request: LocalRequest, { profile, keys, store }: Context): Answer {
  const refusal = refusalOf(request, keys);
  if (refusal) return refusal;
  if (profile.storage === 'events_only') return json(404, { message: EVENTS_ONLY });
  const found = newestFirst(store.observations()).filter(belongsTo(request));
  const limit = Number(request.query.get('limit') ?? 50);
  const data = found.slice(0, limit).map((observation) => toApiObservation(observation, profile));
  const meta = { page: 1, limit, totalItems: found.length, totalPages: Math.ceil(found.length / limit) };
  return json(200, { data, meta });
}

const DEFAULT_ROWS = 50;
const MOST_ROWS = 1_000;

/** `GET /api/public/v2/observations?traceId=`: the rows of v4, all their fields whatever was asked for, page by page. */
export function readRows(request: LocalRequest, context: Context): Answer {
  const { profile, keys, store } = context;
  if (profile.v2Observations === 'page') return notFoundPage();
  const refusal = refusalOf(request, keys);
  if (refusal) return refusal;
  if (profile.v2Observations === 'not found') return json(404, { message: NEEDS_V4, error: 'LangfuseNotFoundError' });
  const all = profile.storage === 'dual' ? [...store.rows, ...propagatedRows(store)] : store.rows;
  const rows = profile.storage === 'legacy' ? [] : all;
  const found = newestFirst(rows.filter(belongsTo(request)));
  const { start, limit } = pageOf(request);
  const end = start + limit;
  return json(200, {
    data: found.slice(start, end).map((row) => toApiRow(row, profile)),
    meta: end < found.length ? { cursor: Buffer.from(String(end)).toString('base64') } : {},
  });
}

/** The real cursor is opaque, and so is this one. */
function pageOf({ query }: LocalRequest): { readonly start: number; readonly limit: number } {
  const start = Number(Buffer.from(query.get('cursor') ?? '', 'base64').toString());
  const limit = Math.min(MOST_ROWS, Number(query.get('limit') ?? DEFAULT_ROWS));
  return { start, limit };
}

function refusalOf(request: LocalRequest, keys: Context['keys']): Answer | undefined {
  if (request.method !== 'GET') return json(405, { message: 'Method not allowed', error: 'MethodNotAllowedError' });
  const access = accessOf(request.headers, keys);
  if (access.access === 'none') return json(401, { message: access.message });
  if (access.access === 'scores')
    return json(403, { message: 'Access denied - insufficient permissions for this endpoint' });
  return undefined;
}

function belongsTo({ query }: LocalRequest): (one: { readonly traceId: string | null }) => boolean {
  const traceId = query.get('traceId');
  return (one) => traceId === null || one.traceId === traceId;
}

function newestFirst<T extends { readonly startTime: string }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => b.startTime.localeCompare(a.startTime));
}
