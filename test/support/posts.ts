import type { LocalLangfuse } from './local-langfuse/index.js';

const DELIVERIES: ReadonlySet<string> = new Set(['/api/public/ingestion', '/api/public/otel/v1/traces']);

/** Requests that brought spans, in order. */
export function postsTo(server: LocalLangfuse): LocalLangfuse['requests'] {
  return server.requests.filter(({ method, path }) => method === 'POST' && DELIVERIES.has(path));
}
