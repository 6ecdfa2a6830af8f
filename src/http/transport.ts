import { context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
import { Agent, type Dispatcher } from 'undici';
import type { HttpRequest, HttpResponse, Transport } from '../ports.js';

/** What OpenTelemetry's instrumentations look at before they make a span; the same key in every SDK major. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');
const UNTRACED = ROOT_CONTEXT.setValue(SUPPRESS_TRACING, true);

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
  let agent: Agent | undefined;
  const connect = (): Agent =>
    new Agent({
      connections: options.connections,
      pipelining: 1,
      connect: { timeout: Math.min(5_000, options.attemptTimeoutMs) },
      headersTimeout: options.attemptTimeoutMs,
      bodyTimeout: options.attemptTimeoutMs,
      // Shorter than the idle limit of common proxies, so that rarely a request meets a connection being closed.
      keepAliveTimeout: 4_000,
      keepAliveMaxTimeout: 15_000,
      maxResponseSize: MAX_RESPONSE_BYTES,
    });
  return {
    send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
      agent ??= connect();
      const dispatcher = agent;
      return context.with(UNTRACED, () =>
        exchange(dispatcher, {
          origin,
          path: `${basePath}${request.path}`,
          method: request.method,
          headers: { ...options.headers, ...request.headers },
          body: request.body ?? null,
          signal,
        }),
      );
    },
    async close(): Promise<void> {
      await agent?.destroy();
      agent = undefined;
    },
  };
}

async function exchange(agent: Agent, options: Dispatcher.RequestOptions): Promise<HttpResponse> {
  const { statusCode, headers, body } = await agent.request(options);
  return { status: statusCode, headers, text: await body.text() };
}
