import { type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { IngestionEvent, LocalLangfuse } from '../../support/local-langfuse/index.js';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  json<T = unknown>(): T;
}

export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly signal?: AbortSignal;
}

/** One request over a connection of its own, which is closed afterwards. */
export function call(langfuse: LocalLangfuse, path: string, options: Call = {}): Promise<Reply> {
  const { method = 'GET', headers = {}, body, signal } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request(`${langfuse.baseUrl}${path}`, {
      method,
      headers: { authorization: authorization(langfuse), ...headers },
      agent: false,
      ...(signal ? { signal } : {}),
    });
    outgoing.on('error', reject).on('response', (incoming) => {
      text(incoming).then((answer) => {
        const { statusCode: status = 0, headers: received } = incoming;
        resolve({ status, headers: received, text: answer, json: () => JSON.parse(answer) });
      }, reject);
    });
    outgoing.end(body);
  });
}

/** A batch to `/api/public/ingestion`. */
export function ingest(langfuse: LocalLangfuse, batch: readonly unknown[], options: Call = {}): Promise<Reply> {
  return call(langfuse, '/api/public/ingestion', {
    method: 'POST',
    body: JSON.stringify({ batch }),
    ...options,
    headers: { 'content-type': 'application/json', ...options.headers },
  });
}

export interface BatchReply {
  readonly successes: readonly { id: string; status: number }[];
  readonly errors: readonly { id: string; status: number; message?: string; error?: string }[];
}

let serial = 0;

/** An event whose id and time are as good as any, unless the test gives them. */
export function event(type: string, body: object, given: Partial<IngestionEvent> = {}): IngestionEvent {
  serial += 1;
  const id = `event-${String(serial).padStart(4, '0')}`;
  return { id, type, timestamp: at(serial), body: { ...body }, ...given };
}

export function at(ms: number): string {
  return new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
}

function authorization({ publicKey, secretKey }: LocalLangfuse): string {
  return `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`;
}
