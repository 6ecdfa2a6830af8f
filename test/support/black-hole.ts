import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';

/** Listens, and never looks again: the kernel completes connections until its queue is full, then leaves them hanging. */
const LISTEN = `
  const { createServer } = require('node:net');
  const { parentPort } = require('node:worker_threads');
  const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;
/** Longer than a connection on this machine ever takes. */
const HANGS_MS = 300;
const MOST_QUEUED = 64;

/** An address to which no connection ever comes about, and none is refused either. */
export async function blackHole(): Promise<string> {
  const worker = new Worker(LISTEN, { eval: true });
  const queued: Socket[] = [];
  onTestFinished(async () => {
    for (const socket of queued) socket.destroy();
    await worker.terminate();
  });
  const port = await new Promise<number>((resolve, reject) => worker.once('message', resolve).once('error', reject));
  while (queued.length < MOST_QUEUED) {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    queued.push(socket);
    if (!(await connects(socket))) return `http://127.0.0.1:${port}`;
  }
  throw new Error('the queue of the kernel does not fill up');
}

function connects(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), HANGS_MS);
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
