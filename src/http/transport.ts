import { AsyncLocalStorage } from 'node:async_hooks';
import { context } from '@opentelemetry/api';
import { Agent, type Dispatcher } from 'undici';
import type { HttpRequest, HttpResponse, Transport } from '../ports.js';
import { UNTRACED } from '../runtime/untraced.js';
import { Connections } from './connections.js';
import { tellUnsent } from './unsent.js';

/** An answer is a short JSON document; more than this is not from Langfuse. */
const MAX_RESPONSE_BYTES = 4 * 1024 * 1024;

export interface TransportOptions {
  /** Without a trailing slash; may contain a path. */
  readonly baseUrl: string;
  /** Sent with every request. */
  readonly headers: Readonly<{ [name: string]: string }>;
  readonly connections: number;
  readonly attemptTimeoutMs: number;
}

/**
 * HTTP over connections of our own: never the application's global dispatcher, no redirects (credentials stay with
 * the host they are for), no span for our own requests, no retries (they are decided elsewhere).
 */
export function httpTransport(options: TransportOptions): Transport {
  const { origin, pathname } = new URL(options.baseUrl);
  const basePath = pathname.replace(/\/+$/, '');
  // A socket outlives the flush that happened to open it, and must not keep what that flush's request stored.
  const outside = AsyncLocalStorage.snapshot();
  const used = new Connections();
  let agent: Agent | undefined;
  const connect = (): Agent =>
    new Agent({
      connections: options.connections,
      pipelining: 1,
      // Half of an attempt, so that a connection that never comes is told from an answer that never comes.
      connect: used.connector(Math.min(5_000, options.attemptTimeoutMs / 2)),
      headersTimeout: options.attemptTimeoutMs,
      bodyTimeout: options.attemptTimeoutMs,
      // Shorter than the idle limit of common proxies, so that rarely a request meets a connection being closed.
      keepAliveTimeout: 4_000,
      keepAliveMaxTimeout: 15_000,
    });
  return {
    send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
      agent ??= outside(connect);
      const dispatcher = agent;
      const once = (): Promise<HttpResponse> =>
        tellUnsent(dispatcher, signal, (watched) =>
          exchange(watched, {
            origin,
            path: `${basePath}${request.path}`,
            method: request.method,
            headers: { ...options.headers, ...request.headers },
            body: request.body ?? null,
            signal,
          }),
        );
      // Servers close idle connections when they like. undici sends again what it had not begun to write; the rest,
      // where a repeat changes nothing, is sent once more: nobody failed.
      const again = (failure: unknown): Promise<HttpResponse> => {
        if (!request.isRepeatable || signal.aborted || !used.closed(failure)) throw failure;
        return once();
      };
      return outside(() => context.with(UNTRACED, () => once().catch(again)));
    },
    async close(): Promise<void> {
      await agent?.destroy();
      agent = undefined;
    },
  };
}

async function exchange(agent: Dispatcher, options: Dispatcher.RequestOptions): Promise<HttpResponse> {
  const { statusCode, headers, body } = await agent.request(options);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    // Leaving the loop ends the connection.
    if (bytes >= MAX_RESPONSE_BYTES) break;
  }
  return { status: statusCode, headers, text: Buffer.concat(chunks).toString('utf8', 0, MAX_RESPONSE_BYTES) };
}
