import { type Answer, json, notFoundPage, redirect } from '../http/answer.js';
import type { LocalRequest } from '../http/exchange.js';
import type { OtlpMapping } from '../otlp-store.js';
import type { Context, Route } from './context.js';
import { health } from './health.js';
import { ingestion } from './ingestion.js';
import { createMedia, reportMedia, UPLOAD_PATH, uploadMedia } from './media.js';
import { otlpRoute } from './otlp.js';
import { readObservations, readRows, readTrace } from './read.js';

/** Finds the route of a path. A path that ends in a slash is sent to the one without, whatever it is. */
export function routeTable(mapping: OtlpMapping): Route {
  const exact: ReadonlyMap<string, Route> = new Map<string, Route>([
    ['/api/public/health', health],
    ['/api/public/ingestion', ingestion],
    ['/api/public/otel/v1/traces', otlpRoute(mapping)],
    ['/api/public/media', createMedia],
    ['/api/public/observations', readObservations],
    ['/api/public/v2/observations', readRows],
  ]);
  const below: readonly (readonly [string, Route])[] = [
    ['/api/public/media/', reportMedia],
    ['/api/public/traces/', readTrace],
    [UPLOAD_PATH, uploadMedia],
  ];
  return (request: LocalRequest, context: Context): Answer => {
    const { path } = request;
    if (path.length > 1 && path.endsWith('/')) return redirect(`${request.basePath}${path.slice(0, -1)}`);
    const route = exact.get(path) ?? below.find(([prefix]) => path.startsWith(prefix))?.[1];
    return route ? guarded(() => route(request, context)) : notFoundPage();
  };
}

/** What is nested too deep breaks the real servers' recursion as it breaks ours, at reading at the latest. */
function guarded(route: () => Answer): Answer {
  try {
    return route();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return json(500, { message: 'Internal Server Error', error: error.message });
  }
}
