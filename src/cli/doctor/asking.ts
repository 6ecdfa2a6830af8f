import { classifyFailure } from '../../http/classify-failure.js';
import { identityHeaders, SDK_NAME, SDK_VERSION } from '../../http/identity.js';
import { httpTransport } from '../../http/transport.js';
import type { Credentials } from '../../options/config.js';
import type { Clock, HttpResponse } from '../../ports.js';
import { withDeadline } from '../../runtime/deadline.js';

const TIMEOUT_MS = 10_000;

export type Asked =
  | { readonly kind: 'answer'; readonly response: HttpResponse; readonly ms: number; readonly wallMs: number }
  | { readonly kind: 'failure'; readonly text: string };

/** Asks a server the way an exporter does: over connections of its own, without proxy and redirects. */
export interface Asking {
  get(path: string): Promise<Asked>;
  close(): Promise<void>;
}

export function askingAt(baseUrl: string, credentials: Credentials | undefined, clock: Clock): Asking {
  const headers = credentials ? identityHeaders(credentials, {}) : { 'user-agent': `${SDK_NAME}/${SDK_VERSION}` };
  const transport = httpTransport({ baseUrl, headers, connections: 1, attemptTimeoutMs: TIMEOUT_MS });
  return {
    async get(path) {
      const request = { method: 'GET', path, headers: { accept: 'application/json' }, isRepeatable: true } as const;
      const startedAt = clock.now();
      try {
        const response = await withDeadline(clock, TIMEOUT_MS, (signal) => transport.send(request, signal));
        const ms = clock.now() - startedAt;
        // When the server wrote its answer, as far as it can be told from here.
        return { kind: 'answer', response, ms, wallMs: clock.wallMs() - ms / 2 };
      } catch (failure) {
        const outcome = classifyFailure(failure, baseUrl, clock.now() - startedAt >= TIMEOUT_MS);
        return { kind: 'failure', text: 'cause' in outcome ? outcome.cause.message : 'no answer' };
      }
    },
    close: () => transport.close(),
  };
}

/** Empty for what is no JSON object. */
export function bodyOf({ text }: HttpResponse): { readonly [key: string]: unknown } {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? { ...body } : {};
  } catch {
    return {};
  }
}
