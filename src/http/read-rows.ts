import type { HttpResponse, LookupPage } from '../ports.js';

/** Statuses after which asking again is of no use: no right, no such route, too often. */
const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 429]);

/** A page of `GET /api/public/v2/observations`: the ids of a trace's observations, and where the next page begins. */
export function readRows({ status, text }: HttpResponse, traceId: string): LookupPage {
  if (status !== 200) return { kind: REFUSALS.has(status) ? 'refused' : 'failed', text: `it answered ${status}` };
  const body = parse(text);
  const data = body['data'];
  if (!Array.isArray(data)) return { kind: 'refused', text: 'its answer has no list of observations' };
  const ids: string[] = [];
  for (const row of data) if (isRow(row) && row['traceId'] === traceId) ids.push(String(row['id']));
  if (ids.length === 0 && data.length > 0) return { kind: 'failed', text: 'it shows observations of other traces' };
  const { meta } = body;
  const cursor = isRow(meta) ? meta['cursor'] : undefined;
  return { kind: 'rows', ids, cursor: typeof cursor === 'string' && cursor !== '' ? cursor : undefined };
}

function parse(text: string): { readonly [key: string]: unknown } {
  try {
    const body: unknown = JSON.parse(text);
    return isRow(body) ? body : {};
  } catch {
    return {};
  }
}

function isRow(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
