import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

/** What becomes of a delivery and of its answer. The first three are stored, the next two are not. */
export type Fate = 'cut' | 'silence' | '504' | '502' | 'cut before' | 'ok';

export const LOST: readonly Fate[] = ['cut', 'silence', '504', '502', 'cut before'];
const STORED: readonly Fate[] = ['cut', 'silence', '504', 'ok'];

export interface CuttingProxy {
  readonly baseUrl: string;
  /** How many spans each delivery had, and what became of it. */
  readonly deliveries: readonly { readonly fate: Fate; readonly spans: number; readonly isStored: boolean }[];
  close(): Promise<void>;
}

interface Rules {
  /** Asked for each delivery. */
  readonly fate: () => Fate;
  /** Whether asking for what is stored is forbidden. */
  readonly forbidsLookups: boolean;
}

const DELIVERY = '/api/public/otel/v1/traces';
const ROWS = '/api/public/v2/observations';

/** Stands between an exporter and its server, and loses answers on their way back. */
export async function cuttingProxy(target: string, { fate, forbidsLookups }: Rules): Promise<CuttingProxy> {
  const deliveries: { fate: Fate; spans: number; isStored: boolean }[] = [];
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => response.destroy());
  });

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const path = incoming.url ?? '';
    if (forbidsLookups && path.startsWith(ROWS)) return page(response, 403, 'Forbidden');
    if (!path.startsWith(DELIVERY)) return send(await forward(target, incoming, body), response);
    const fated = fate();
    const isStored = STORED.includes(fated);
    deliveries.push({ fate: fated, spans: spansIn(incoming, body), isStored });
    const answer = isStored ? await forward(target, incoming, body) : undefined;
    if (fated === '502') page(response, 502, 'Bad Gateway');
    else if (fated === '504') page(response, 504, 'Gateway Time-out');
    else if (fated === 'cut before') response.destroy();
    // In the midst of the first line.
    else if (fated === 'cut') response.socket?.write('HTTP/1.1 20', () => response.destroy());
    else if (fated === 'ok' && answer) send(answer, response);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deliveries,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

function forward(target: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onward = request(`${target}${url}`, { method, headers: { ...headers, connection: 'close' }, agent: false });
    onward.on('error', reject);
    onward.on('response', (answer) => {
      const status = answer.statusCode ?? 500;
      const type = answer.headers['content-type'] ?? 'text/plain';
      buffer(answer).then((bytes) => resolve({ status, type, body: bytes }), reject);
    });
    onward.end(body);
  });
}

function send({ status, type, body }: Answer, response: ServerResponse): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}

function page(response: ServerResponse, status: number, title: string): void {
  send({ status, type: 'text/html', body: Buffer.from(`<html><title>${title}</title></html>`) }, response);
}

function spansIn({ headers }: IncomingMessage, body: Buffer): number {
  const json = (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
  return json.split('"startTimeUnixNano"').length - 1;
}
