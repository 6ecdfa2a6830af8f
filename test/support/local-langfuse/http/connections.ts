import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const LOOKS = 20;

/** The connections clients hold open; a client that was closed leaves none behind. */
export class Connections {
  readonly #open = new Map<Socket, string>();
  #onChange: () => void = () => {};

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#open.set(socket, 'no request yet');
      socket.on('close', () => {
        this.#open.delete(socket);
        this.#onChange();
      });
    });
  }

  /** `busy: POST /api/…`, or `idle after POST /api/…`. */
  note(socket: Socket, doing: string): void {
    if (this.#open.has(socket)) this.#open.set(socket, doing);
  }

  /**
   * Waits until all are closed, or time is up; gives those that are left, in words. The time is counted in looks: a
   * test that keeps the thread for seconds, as the count of a long soak does, hides that clients have closed theirs.
   */
  drained(graceMs: number): Promise<readonly string[]> {
    if (this.#open.size === 0) return Promise.resolve([]);
    return new Promise((resolve) => {
      let looks = 0;
      const finish = (): void => {
        clearInterval(timer);
        this.#onChange = () => {};
        resolve([...this.#open].map(([socket, doing]) => `port ${socket.remotePort}, ${doing}`));
      };
      const timer = setInterval(() => {
        if (++looks === LOOKS) finish();
      }, graceMs / LOOKS);
      this.#onChange = () => {
        if (this.#open.size === 0) finish();
      };
    });
  }

  destroy(): void {
    for (const socket of this.#open.keys()) socket.destroy();
  }
}
