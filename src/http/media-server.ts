import { isRetryableStatus, LangfuseError } from '../errors.js';
import type { Clock, HttpRequest, HttpResponse, MediaOutcome, MediaServer, Medium, Transport } from '../ports.js';
import { withDeadline } from '../runtime/deadline.js';
import { headerOf } from './header.js';
import type { ObjectStore } from './object-store.js';
import { parseRetryAfter } from './retry-after.js';

const PATH = '/api/public/media';
const KEYS_REFUSED: ReadonlySet<number> = new Set([401, 403, 407]);
/** Ten megabytes at a slow uplink's 2 Mbit/s take 40 s. */
const UPLOAD_TIMEOUT_MS = 60_000;

export interface MediaServerParts {
  readonly transport: Transport;
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly attemptTimeoutMs: number;
}

/**
 * Langfuse's media API: announce a file (`POST`), put it where the answer says (a signed URL of an object store), say
 * how that went (`PATCH`). The signed URL is a key for that one file: it is never logged.
 */
export function mediaServer(parts: MediaServerParts): MediaServer {
  return {
    async announce({ contentType, bytes, sha256 }, link, signal) {
      const body = { ...link, contentType, contentLength: bytes.byteLength, sha256Hash: sha256 };
      const answer = await ask(parts, 'POST', PATH, body, signal);
      if ('kind' in answer) return answer;
      if (answer.status >= 300) return classify(answer, parts.clock.wallMs());
      return { kind: 'announced', uploadUrl: uploadUrlIn(answer) };
    },
    async upload(medium, uploadUrl, signal) {
      if (!URL.canParse(uploadUrl)) return { kind: 'refused', cause: failure('the server named no usable URL for it') };
      const url = new URL(uploadUrl);
      const startedAt = parts.clock.now();
      const status = await put(parts, medium, url, signal);
      if (typeof status !== 'number') return status;
      const isStored = status >= 200 && status < 300;
      const report = {
        uploadedAt: new Date(parts.clock.wallMs()).toISOString(),
        // The server knows a file again only by exactly this one.
        uploadHttpStatus: isStored ? 200 : status,
        uploadHttpError: isStored ? undefined : `the object store answered ${status}`,
        uploadTimeMs: Math.round(parts.clock.now() - startedAt),
      };
      const answer = await ask(parts, 'PATCH', `${PATH}/${medium.id}`, report, signal);
      // A signed URL that is not taken may have expired: the next attempt gets a new one.
      if (!isStored) return { kind: 'retry', cause: failure(`${url.host} answered ${status}`, status) };
      if ('kind' in answer) return answer;
      return answer.status < 300 ? { kind: 'done' } : classify(answer, parts.clock.wallMs());
    },
  };
}

async function ask(
  { transport, clock, attemptTimeoutMs }: MediaServerParts,
  method: HttpRequest['method'],
  path: string,
  body: object,
  signal: AbortSignal,
): Promise<HttpResponse | Extract<MediaOutcome, { kind: 'retry' }>> {
  const headers = { 'content-type': 'application/json' };
  const request = { method, path, headers, body: JSON.stringify(body), isRepeatable: true };
  try {
    return await withDeadline(clock, attemptTimeoutMs, (deadline) => transport.send(request, deadline), signal);
  } catch (cause) {
    return { kind: 'retry', cause: noAnswer('Langfuse', cause) };
  }
}

async function put(
  { store, clock }: MediaServerParts,
  medium: Medium,
  url: URL,
  signal: AbortSignal,
): Promise<number | Extract<MediaOutcome, { kind: 'retry' }>> {
  const object = { headers: uploadHeaders(medium, url), body: medium.bytes };
  try {
    return await withDeadline(clock, UPLOAD_TIMEOUT_MS, (deadline) => store.put(url, object, deadline), signal);
  } catch (cause) {
    return { kind: 'retry', cause: noAnswer(`the object store ${url.host}`, cause) };
  }
}

/** What S3 and Azure want to know; Google's store refuses headers that were not signed. */
export function uploadHeaders(
  { contentType, sha256 }: Pick<Medium, 'contentType' | 'sha256'>,
  { hostname }: URL,
): Readonly<{ [name: string]: string }> {
  const isGoogle = hostname === 'storage.googleapis.com' || hostname.endsWith('.storage.googleapis.com');
  if (isGoogle) return { 'content-type': contentType };
  return { 'content-type': contentType, 'x-amz-checksum-sha256': sha256, 'x-ms-blob-type': 'BlockBlob' };
}

function classify(answer: HttpResponse, nowMs: number): Exclude<MediaOutcome, { kind: 'done' }> {
  const { status, headers, text } = answer;
  if (status === 404 || status === 405 || (status >= 500 && text.includes('not enabled'))) {
    const remedy = 'set mediaUploadEnabled to false, or give the server a bucket for media';
    return { kind: 'unavailable', cause: failure(`the server has nowhere to put files; ${remedy}`, status) };
  }
  const cause = failure(`the server answered ${status}`, status);
  // Wrong keys hold the spans as well, until somebody mends them.
  if (!isRetryableStatus(status) && !KEYS_REFUSED.has(status)) return { kind: 'refused', cause };
  return {
    kind: 'retry',
    cause,
    afterMs: parseRetryAfter(headerOf(headers, 'retry-after'), headerOf(headers, 'date'), nowMs),
  };
}

function failure(text: string, status?: number): LangfuseError {
  return new LangfuseError('API_ERROR', `a file was not uploaded: ${text}`, { status });
}

/** Only the code: messages of network errors may name the signed URL. */
function noAnswer(host: string, cause: unknown): LangfuseError {
  const { code } = cause as { readonly code?: unknown };
  return new LangfuseError('NETWORK_ERROR', `a file was not uploaded: no answer from ${host}`, { details: { code } });
}

function uploadUrlIn({ text }: HttpResponse): string | undefined {
  try {
    const { uploadUrl } = JSON.parse(text) as { readonly uploadUrl?: unknown };
    return typeof uploadUrl === 'string' ? uploadUrl : undefined;
  } catch {
    return undefined;
  }
}
