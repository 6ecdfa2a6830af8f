import { LangfuseError } from '../../src/errors.js';
import type { Outcome } from '../../src/outcome.js';
import type { HttpRequest, HttpResponse } from '../../src/ports.js';
import type { ObservationRecord } from '../../src/record.js';
import { ACCEPTED, deliveryWorld } from './delivery-world.js';

const LOST: Outcome = {
  kind: 'retry',
  cause: new LangfuseError('NETWORK_ERROR', 'no connection (ECONNRESET)'),
  mayHaveArrived: true,
};

interface Server {
  /** Span ids, as often as they were stored. */
  readonly stored: string[];
  readonly asked: { readonly at: number; readonly path: string }[];
}

/** Answers look-ups from what is stored, a page of `pageRows` at a time. */
export function rows(stored: readonly string[], pageRows: number, path: string): HttpResponse {
  const query = new URL(path, 'http://localhost').searchParams;
  const start = Number(query.get('cursor') ?? 0);
  const traceId = query.get('traceId');
  const data = stored.slice(start, start + pageRows).map((id) => ({ id, traceId }));
  const end = start + pageRows;
  const meta = end < stored.length ? { cursor: String(end) } : {};
  return { status: 200, headers: {}, text: JSON.stringify({ data, meta }) };
}

export interface Plan {
  /** What becomes of the n-th request: stored or not, and whether the answer comes through. */
  readonly requests: readonly ('ok' | 'stored, lost' | 'lost')[];
  readonly answer?: (server: Server, request: HttpRequest, signal: AbortSignal) => Promise<HttpResponse>;
  readonly options?: Parameters<typeof deliveryWorld>[1];
}

/** Delivery to a server that loses answers as planned, and can be asked what it has. */
export function lostAnswersWorld({
  requests,
  answer = async ({ stored }, { path }) => rows(stored, 1_000, path),
  options,
}: Plan) {
  const server: Server = { stored: [], asked: [] };
  const sentAt: number[] = [];
  const send = async (_: unknown, records: readonly ObservationRecord[]): Promise<Outcome> => {
    const plan = requests[sentAt.length] ?? 'ok';
    sentAt.push(world.clock.now());
    if (plan !== 'lost') server.stored.push(...records.map(({ spanId }) => spanId));
    return plan === 'ok' ? ACCEPTED : LOST;
  };
  const lookUp = (request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> => {
    server.asked.push({ at: world.clock.now(), path: request.path });
    return answer(server, request, signal);
  };
  const world: ReturnType<typeof deliveryWorld> = deliveryWorld(send, {
    resendAmbiguous: 'verify',
    lookUp,
    concurrency: 2,
    ...options,
  });
  return { ...world, server, sentAt };
}
