import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Answer } from './answer.js';

const DRIP_BYTES = 7;
const DRIP_EVERY_MS = 2;

export function respond(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, headersOf(answer));
  response.end(answer.body);
}

/** The whole answer, a few bytes at a time. */
export async function respondSlowly(response: ServerResponse, answer: Answer, signal: AbortSignal): Promise<void> {
  response.writeHead(answer.status, headersOf(answer));
  const bytes = Buffer.from(answer.body);
  for (let at = 0; at < bytes.length && !response.destroyed; at += DRIP_BYTES) {
    response.write(bytes.subarray(at, at + DRIP_BYTES));
    await pause(DRIP_EVERY_MS, signal);
  }
  response.end();
}

/** Ends early when the server closes; holds no process open. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal, ref: false }).catch(() => {});
}

function headersOf({ contentType, headers, body }: Answer): Record<string, string | number> {
  return {
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    'content-length': Buffer.byteLength(body),
    ...headers,
  };
}
