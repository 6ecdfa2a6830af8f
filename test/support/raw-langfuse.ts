import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface RawRequest {
  readonly path: string;
  readonly body: string;
  /** The how manyth on its connection, from 1. */
  readonly nth: number;
}

export type RawAnswer = (request: RawRequest, response: ServerResponse) => void;

export interface RawLangfuse {
  readonly baseUrl: string;
  /** Deliveries, in order. */
  readonly requests: readonly RawRequest[];
  readonly connections: () => number;
}

/** A server that answers deliveries as the test says, and its health as a Langfuse of this version. */
export async function rawLangfuse(
  version: string,
  answer: RawAnswer,
  tls?: { readonly key: string; readonly cert: string },
): Promise<RawLangfuse> {
  const requests: RawRequest[] = [];
  const counts = new WeakMap<object, number>();
  let connections = 0;
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const nth = (counts.get(incoming.socket) ?? 0) + 1;
    counts.set(incoming.socket, nth);
    const request = { path: incoming.url ?? '', body: await text(incoming), nth };
    response.setHeader('content-type', 'application/json');
    if (request.path.endsWith('/health')) {
      response.end(JSON.stringify({ status: 'OK', version }));
      return;
    }
    requests.push(request);
    answer(request, response);
  };
  const listener = (incoming: IncomingMessage, response: ServerResponse): void => {
    serve(incoming, response).catch(() => response.destroy());
  };
  const server: Server = tls ? createSecureServer(tls, listener) : createServer(listener);
  server.on('connection', () => {
    connections++;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`, requests, connections: () => connections };
}

/** The ids of the events of an ingestion request. */
export function eventIdsIn({ body }: RawRequest): readonly string[] {
  const { batch } = JSON.parse(body) as { readonly batch: readonly { readonly id: string }[] };
  return batch.map(({ id }) => id);
}

/** What Langfuse says when it took every event. */
export function allTaken(request: RawRequest): string {
  return JSON.stringify({ successes: eventIdsIn(request).map((id) => ({ id, status: 201 })), errors: [] });
}
