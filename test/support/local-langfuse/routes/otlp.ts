import { gunzipSync } from 'node:zlib';
import { accessOf } from '../auth.js';
import { type Answer, json, notFoundPage } from '../http/answer.js';
import type { LocalRequest } from '../http/exchange.js';
import { type OtlpMapping, storeExport } from '../otlp-store.js';
import type { Route } from './context.js';

const HIGHEST_INGESTION_VERSION = 4;

/** `/api/public/otel/v1/traces`, JSON only: what an export may look like, and who may send it. */
export function otlpRoute(mapping: OtlpMapping): Route {
  return (request, context) => {
    const { profile, keys } = context;
    if (profile.otlp === 'absent') return notFoundPage();
    if (request.method !== 'POST') return json(405, { message: 'Method not allowed', error: 'MethodNotAllowedError' });
    const access = accessOf(request.headers, keys);
    if (access.access === 'none') return json(401, { message: access.message });
    if (access.access === 'scores') return withoutSecretKey(profile.bearerOnOtlp);
    const body = exportOf(request);
    if (body.kind === 'answer') return body.answer;
    const isEmpty = hasNoResourceSpans(body.value);
    if (isEmpty && profile.otlp === '200 job') return json(200, {});
    if (isEmpty && profile.malformedExport === '500' && !hasList(body.value)) {
      return json(500, { message: 'Internal Server Error', error: 'resourceSpans is not a list' });
    }
    const version = request.headers['x-langfuse-ingestion-version'];
    if (profile.checksIngestionVersion && version !== undefined && !isSupported(String(version))) {
      const error = `Unsupported x-langfuse-ingestion-version: "${String(version)}". Maximum supported: "${HIGHEST_INGESTION_VERSION}".`;
      return json(400, { error });
    }
    return storeExport(body.value, mapping, context);
  };
}

type Export =
  | { readonly kind: 'export'; readonly value: unknown }
  | { readonly kind: 'answer'; readonly answer: Answer };

function exportOf({ headers, body }: LocalRequest): Export {
  const refuse = (error: string): Export => ({ kind: 'answer', answer: json(400, { error }) });
  const unpacked = headers['content-encoding']?.includes('gzip') ? inflated(body) : body;
  if (!unpacked) return refuse('Failed to decompress request body');
  if (!headers['content-type']?.includes('application/json')) return refuse('Invalid content type');
  try {
    return { kind: 'export', value: JSON.parse(unpacked.toString('utf8')) };
  } catch {
    return refuse('Failed to parse OTel JSON Trace');
  }
}

function inflated(body: Buffer): Buffer | undefined {
  try {
    return gunzipSync(body);
  } catch {
    return undefined;
  }
}

function hasNoResourceSpans(body: unknown): boolean {
  if (body === null || typeof body !== 'object') return true;
  const spans: unknown = Reflect.get(body, 'resourceSpans');
  return spans === undefined || spans === null || (Array.isArray(spans) && spans.length === 0);
}

function hasList(body: unknown): boolean {
  return body !== null && typeof body === 'object' && Array.isArray(Reflect.get(body, 'resourceSpans'));
}

function isSupported(version: string): boolean {
  return Number.parseInt(version, 10) <= HIGHEST_INGESTION_VERSION;
}

function withoutSecretKey(status: 401 | 403): Answer {
  const message =
    status === 403
      ? 'Access denied - insufficient permissions for this endpoint'
      : 'Access denied - need to use basic auth with secret key';
  return json(status, { message });
}
