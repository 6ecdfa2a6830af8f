import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json as readJson } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, failure } from './answer.js';
import { answerChat } from './chat-completions.js';
import { answerEmbeddings } from './embeddings.js';
import { asObject, type JsonObject } from './json.js';
import { answerResponses } from './responses.js';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: JsonObject;
}

export interface ScriptedProvider {
  /** Ends in `/v1`, as `OPENAI_BASE_URL` does. */
  readonly baseUrl: string;
  /** Every request so far, the failed ones included. */
  readonly requests: readonly ReceivedRequest[];
  /** The next `count` requests are answered with an error, 429 unless told otherwise. */
  failNext(count: number, status?: number): void;
  close(): Promise<void>;
}

export interface ScriptedProviderOptions {
  /** Before an answer and between the events of a stream; 0 for tests, a little for people who watch. */
  readonly latencyMs?: number;
}

type Endpoint = (request: JsonObject, serial: number) => Answer;

const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map([
  ['POST /v1/chat/completions', answerChat],
  ['POST /v1/responses', answerResponses],
  ['POST /v1/embeddings', answerEmbeddings],
]);

/**
 * A server on the loopback interface that speaks OpenAI's protocol and answers from a script: same conversation, same
 * answer, known token counts (`truth.ts`). Any API key will do.
 */
export async function startScriptedProvider(options: ScriptedProviderOptions = {}): Promise<ScriptedProvider> {
  const latencyMs = options.latencyMs ?? 0;
  const requests: ReceivedRequest[] = [];
  let failing = { count: 0, status: 429 };

  function answer(received: ReceivedRequest): Answer {
    if (failing.count > 0) {
      failing = { ...failing, count: failing.count - 1 };
      const code = failing.status === 429 ? 'rate_limit_exceeded' : 'scripted_error';
      return failure(failing.status, code, `Scripted error ${failing.status}`);
    }
    const endpoint = ENDPOINTS.get(`${received.method} ${received.path}`);
    return endpoint
      ? endpoint(received.body, requests.length)
      : failure(404, 'unknown_url', `The scripted provider has no ${received.method} ${received.path}`);
  }

  async function respond(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const path = new URL(incoming.url ?? '/', 'http://127.0.0.1').pathname;
    const body = incoming.method === 'POST' ? asObject(await readJson(incoming)) : {};
    const received = { method: incoming.method ?? 'GET', path, body };
    requests.push(received);
    await write(answer(received), outgoing, latencyMs);
  }

  const server = createServer((incoming, outgoing) => {
    respond(incoming, outgoing).catch((error: unknown) => {
      // A body that is no JSON is the client's fault; one that never came, because the client hung up, is nobody's.
      if (!outgoing.headersSent) outgoing.writeHead(error instanceof SyntaxError ? 400 : 500);
      outgoing.end(JSON.stringify({ error: { message: String(error), type: 'invalid_request_error' } }));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    failNext: (count, status = 429) => {
      failing = { count, status };
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        // Clients keep their connections alive; waiting for them would take seconds.
        server.closeAllConnections();
      }),
  };
}

async function write(answer: Answer, outgoing: ServerResponse, latencyMs: number): Promise<void> {
  await pause(latencyMs);
  if (answer.kind === 'json') {
    // Both clients honour `retry-after-ms`: a test that retries need not wait.
    const retryHeaders = answer.status >= 400 ? { 'retry-after-ms': '1' } : {};
    outgoing.writeHead(answer.status, { 'content-type': 'application/json', ...retryHeaders });
    outgoing.end(JSON.stringify(answer.body));
    return;
  }
  outgoing.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for (const { event, data } of answer.events) {
    if (outgoing.destroyed) return;
    outgoing.write(`${event === undefined ? '' : `event: ${event}\n`}data: ${data}\n\n`);
    await pause(latencyMs);
  }
  outgoing.end();
}

async function pause(ms: number): Promise<void> {
  if (ms > 0) await wait(ms);
}
