import { connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** An address in front of a server: while it is shut, connections to it are refused. */
export interface Gateway {
  readonly baseUrl: string;
  open(): Promise<void>;
  /** Refuses new connections and cuts those that are open. */
  shut(): Promise<void>;
}

export async function gatewayTo(targetUrl: string): Promise<Gateway> {
  const target = Number(new URL(targetUrl).port);
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;
  const listen = async (): Promise<void> => {
    server = createServer((socket) => {
      const onward = connect(target, '127.0.0.1');
      for (const [one, other] of [
        [socket, onward],
        [onward, socket],
      ] as const) {
        sockets.add(one);
        one.on('error', () => {});
        one.on('close', () => {
          sockets.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
    const listening = server;
    await new Promise<void>((resolve) => listening.listen(port, '127.0.0.1', resolve));
    const address = listening.address();
    if (typeof address === 'object' && address !== null) port = address.port;
  };
  const shut = async (): Promise<void> => {
    const closing = server;
    server = undefined;
    for (const socket of sockets) socket.destroy();
    if (closing) await new Promise<void>((resolve) => closing.close(() => resolve()));
  };
  // Listening once tells a free port, which nobody else is given at once.
  await listen();
  await shut();
  onTestFinished(shut);
  return { baseUrl: `http://127.0.0.1:${port}`, open: listen, shut };
}
