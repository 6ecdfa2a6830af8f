import { Socket } from 'node:net';
import { buildConnector } from 'undici';

/** How a connection ends under a request, seen from here. */
const CLOSED_CODES: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/**
 * Connections that never hold the process open: a flush or a shutdown that somebody awaits does that by itself. Knows
 * of a failure whether its connection had served before: then the server may just have closed an idle one.
 */
export class Connections {
  readonly #failures = new WeakSet<object>();

  connector(timeoutMs: number): buildConnector.connector {
    const connect: (...args: Parameters<buildConnector.connector>) => unknown = buildConnector({ timeout: timeoutMs });
    return (options, callback) => {
      const socket = connect(options, callback);
      if (!(socket instanceof Socket)) return;
      socket.unref();
      // undici refs the socket of each request.
      socket.ref = () => socket;
      // A reset comes to the request as the error of the socket, without word of which socket it was.
      socket.on('error', (error) => {
        if (socket.bytesRead > 0) this.#failures.add(error);
      });
    };
  }

  /** True when the connection was closed before anything of this answer came, after it had served other requests. */
  closed(failure: unknown): boolean {
    if (typeof failure !== 'object' || failure === null) return false;
    const { code, socket } = failure as { readonly code?: unknown; readonly socket?: { readonly bytesRead?: unknown } };
    if (!CLOSED_CODES.has(code)) return false;
    return this.#failures.has(failure) || Number(socket?.bytesRead ?? 0) > 0;
  }
}
