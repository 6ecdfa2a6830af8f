import { AsyncLocalStorage } from 'node:async_hooks';
import { context } from '@opentelemetry/api';
import { Agent } from 'undici';
import { UNTRACED } from '../runtime/untraced.js';
import { Connections } from './connections.js';

const CONNECT_TIMEOUT_MS = 5_000;
/** What an object store has to say is in its status. */
const MAX_ANSWER_BYTES = 16 * 1024;

export interface StoredObject {
  readonly headers: Readonly<{ [name: string]: string }>;
  readonly body: Uint8Array;
}

/** The host that files are put on, which need not be Langfuse's: it gets no header but those of the file. */
export interface ObjectStore {
  /** Resolves with the status; rejects when there was no answer. Redirects are not followed. */
  put(url: URL, object: StoredObject, signal: AbortSignal): Promise<number>;
  close(): Promise<void>;
}

/** Connections of its own, so that large files do not wait for spans, nor spans for them. */
export function objectStore(connections: number): ObjectStore {
  const outside = AsyncLocalStorage.snapshot();
  const sockets = new Connections();
  let agent: Agent | undefined;
  const connect = (): Agent =>
    new Agent({ connections, pipelining: 1, connect: sockets.connector(CONNECT_TIMEOUT_MS) });
  const send = async (url: URL, { headers, body }: StoredObject, signal: AbortSignal): Promise<number> => {
    agent ??= connect();
    const path = `${url.pathname}${url.search}`;
    const answer = await agent.request({ origin: url.origin, path, method: 'PUT', headers, body, signal });
    await answer.body.dump({ limit: MAX_ANSWER_BYTES });
    return answer.statusCode;
  };
  return {
    put: (url, object, signal) => outside(() => context.with(UNTRACED, () => send(url, object, signal))),
    async close(): Promise<void> {
      await agent?.destroy();
      agent = undefined;
    },
  };
}
