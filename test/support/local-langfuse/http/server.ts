import { setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Fault } from '../faults.js';
import type { Answer } from './answer.js';
import { notFoundPage } from './answer.js';
import { Connections } from './connections.js';
import { type LocalRequest, LoggedRequest } from './exchange.js';
import { meetFault } from './meet-fault.js';
import { respond, respondSlowly } from './respond.js';

/** As the official image has it, so that a client which leaves its connections open is found out. */
const KEEP_ALIVE_MS = 110_000;

export interface Host {
  readonly host: string;
  readonly basePath: string;
  readonly version: string;
  takeFault(request: LoggedRequest): Fault | undefined;
  route(request: LocalRequest, fault: Fault | undefined): Answer;
  log(request: LoggedRequest): void;
  changed(): void;
}

/** The real `node:http` server around the routes: reads, meets faults, answers, keeps the log. */
export class LocalServer {
  readonly #server: Server;
  readonly #host: Host;
  readonly connections: Connections;
  readonly #closing = new AbortController();

  constructor(host: Host) {
    this.#host = host;
    this.#server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        // A client that hung up is nobody's fault; anything else is a bug of the stand-in, and shows as such.
        if (!response.headersSent && response.socket?.destroyed === false) {
          response.writeHead(500, { 'content-type': 'text/plain' });
          response.end(`local Langfuse: ${error instanceof Error ? error.stack : String(error)}`);
        }
      });
    });
    this.connections = new Connections(this.#server);
    // One listener per request a fault holds back, and there may be many.
    setMaxListeners(0, this.#closing.signal);
  }

  async listen(): Promise<string> {
    const { host, basePath } = this.#host;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(0, host, resolve);
    });
    const { port } = this.#server.address() as AddressInfo;
    return `http://${host.includes(':') ? `[${host}]` : host}:${port}${basePath}`;
  }

  /** Ends what a fault holds back: a hanging connection is cut, a delay is over. */
  release(): void {
    this.#closing.abort();
  }

  async stop(): Promise<void> {
    this.release();
    this.connections.destroy();
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
    const { basePath } = this.#host;
    const method = incoming.method ?? 'GET';
    const isInside = basePath === '' || url.pathname === basePath || url.pathname.startsWith(`${basePath}/`);
    const path = isInside ? url.pathname.slice(basePath.length) || '/' : url.pathname;
    const logged = new LoggedRequest(method, path, incoming.headers);
    this.connections.note(incoming.socket, `busy with ${method} ${url.pathname}`);
    this.#host.log(logged);
    const body = await buffer(incoming);
    logged.received(body);
    const origin = `http://${incoming.headers.host ?? ''}${basePath}`;
    const request = { method, path, query: url.searchParams, headers: incoming.headers, body, basePath, origin };
    response.once('finish', () => {
      logged.answered(response.statusCode);
      this.connections.note(incoming.socket, `idle after ${method} ${url.pathname}`);
      this.#host.changed();
    });
    if (!isInside) return respond(response, notFoundPage());
    await this.#answer(request, this.#host.takeFault(logged), response);
  }

  async #answer(request: LocalRequest, fault: Fault | undefined, response: ServerResponse): Promise<void> {
    const encounter = await meetFault(fault, this.#host.version, this.#closing.signal);
    if (encounter.kind === 'hang') return this.#hang(response);
    if (encounter.kind === 'reset') return cut(response);
    const own = encounter.kind === 'process' ? this.#host.route(request, fault) : undefined;
    const answer = encounter.answer ?? own ?? notFoundPage();
    this.#host.changed();
    switch (encounter.afterwards) {
      case 'respond':
        return respond(response, answer);
      case 'drip':
        return respondSlowly(response, answer, this.#closing.signal);
      case 'hang':
        return this.#hang(response);
      case 'reset':
        return cut(response);
      default:
        return encounter.afterwards satisfies never;
    }
  }

  #hang(response: ServerResponse): void {
    const { signal } = this.#closing;
    if (signal.aborted) cut(response);
    else signal.addEventListener('abort', () => cut(response), { once: true });
  }
}

function cut(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}
