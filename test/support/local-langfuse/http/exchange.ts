import type { IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** What a route is given: one request, read to its end. */
export interface LocalRequest {
  readonly method: string;
  /** Without the base path and the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly basePath: string;
  /** How the client addressed the server, base path included: upload URLs start with it. */
  readonly origin: string;
}

/** A request as tests see it. It is in the log from its first line on; the rest fills in as it happens. */
export class LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly receivedAt: Date;
  #body: Buffer = Buffer.alloc(0);
  #status: number | undefined;
  #text: string | undefined;

  constructor(method: string, path: string, headers: IncomingHttpHeaders) {
    this.method = method;
    this.path = path;
    this.headers = headers;
    this.receivedAt = new Date();
  }

  /** As it travelled: compressed, if it was. */
  get bodyBytes(): number {
    return this.#body.length;
  }

  /** Absent while unanswered; stays absent when the connection was cut instead. */
  get status(): number | undefined {
    return this.#status;
  }

  /** The body as text, unpacked when it was compressed. */
  get text(): string {
    this.#text ??= textOf(this.#body, this.headers['content-encoding']);
    return this.#text;
  }

  /** Throws when the body is not JSON. */
  json(): unknown {
    return JSON.parse(this.text);
  }

  received(body: Buffer): void {
    this.#body = body;
  }

  answered(status: number): void {
    this.#status = status;
  }
}

function textOf(body: Buffer, encoding: string | undefined): string {
  return (encoding?.includes('gzip') ? gunzipSync(body) : body).toString('utf8');
}
