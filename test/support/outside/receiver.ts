import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { eventFaults } from './event-faults.js';
import type { Reading } from './json-reader.js';
import { otlpFaults, type SentSpan } from './otlp-faults.js';
import { readBytes } from './text-faults.js';

/** Answers like a Langfuse that takes everything, and judges the bytes that came. Closed by the caller. */
export interface Receiver {
  readonly baseUrl: string;
  readonly spans: readonly SentSpan[];
  readonly faults: readonly string[];
  /** Requests by path. */
  readonly paths: readonly string[];
  /** Whether deliveries are answered with 503, and neither judged nor kept. */
  isDown: boolean;
  close(): Promise<void>;
}

/** Documented: the JSON of one request before compression. */
const MOST_BYTES: Readonly<Record<string, number>> = {
  '/api/public/ingestion': 3_500_000,
  '/api/public/otel/v1/traces': 8_000_000,
};
const MARKER = /#\d+(?=")/;

export async function startReceiver(version: string, maxBytes?: number): Promise<Receiver> {
  const spans: SentSpan[] = [];
  const faults: string[] = [];
  const paths: string[] = [];
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => {
      faults.push(`the receiver itself: ${error}`);
      response.destroy();
    });
  });

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await buffer(incoming);
    const [path = ''] = (incoming.url ?? '').split('?');
    paths.push(`${incoming.method} ${path}`);
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (path === '/api/public/health') return answer(200, { status: 'OK', version });
    if (incoming.method === 'GET') return answer(404, { message: 'Not found' });
    if (receiver.isDown) return answer(503, { message: 'Service Unavailable' });
    const body = incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
    const { reading, faults: found } = readBytes(body);
    faults.push(...found, ...repeatedIn(reading).map((key) => `${path}: the key ${JSON.stringify(key)} twice`));
    const most = maxBytes ?? MOST_BYTES[path] ?? Number.POSITIVE_INFINITY;
    if (body.length > most) faults.push(`${path}: ${body.length} bytes in a request (${MARKER.exec(body.toString())})`);
    if (path === '/api/public/otel/v1/traces') {
      const sent = otlpFaults(reading?.value);
      spans.push(...sent.spans);
      faults.push(...sent.faults);
      return answer(200, { name: 'otel-ingestion-job' });
    }
    if (path === '/api/public/ingestion') {
      const sent = eventFaults(reading?.value, version);
      spans.push(...sent.spans);
      faults.push(...sent.faults);
      return answer(207, { successes: sent.ids.map((id) => ({ id, status: 201 })), errors: [] });
    }
    if (path === '/api/public/media') return answer(201, { mediaId: 'a'.repeat(22), uploadUrl: null });
    return answer(404, { message: 'Not found' });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    faults,
    paths,
    isDown: false,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return receiver;
}

/** Keys that differ in half a character only are one when they are mended: parsers keep the last, and nothing chokes. */
function repeatedIn(reading: Reading | undefined): readonly string[] {
  return (reading?.repeatedKeys ?? []).filter((key) => !key.includes('\u{FFFD}'));
}
