import { LangfuseError, type LangfuseErrorCode } from '../errors.js';
import type { Protocol } from '../model.js';
import type { Outcome } from '../outcome.js';
import type { EncodedBatch, HttpResponse } from '../ports.js';
import type { ObservationRecord } from '../record.js';
import { classifyEvents } from './classify-events.js';
import { classifyExport } from './classify-export.js';
import { headerOf } from './header.js';
import { restUntilReset } from './rate-limit.js';
import { parseRetryAfter } from './retry-after.js';

/** A proxy speaks, which lost the server's answer or never got one; 520 and 524 are Cloudflare's. */
const MAYBE_TAKEN: ReadonlySet<number> = new Set([502, 504, 520, 524]);

/** What an answer of the server means for the batch it answers. */
export function classifyResponse(
  protocol: Protocol,
  response: HttpResponse,
  batch: EncodedBatch,
  records: readonly ObservationRecord[],
  nowMs: number,
): Outcome {
  const { status } = response;
  if (status >= 200 && status < 300) {
    const outcome = classifySuccess(protocol, response, batch, records);
    const restMs = restUntilReset(response, nowMs);
    return restMs !== undefined && (outcome.kind === 'accepted' || outcome.kind === 'partial')
      ? { ...outcome, restMs }
      : outcome;
  }
  const cause = toError(protocol, response);
  if (status === 404 || status === 405) return { kind: 'wrong_protocol', cause };
  if (status === 413) return { kind: 'too_large', cause };
  if (status < 400 || status === 401 || status === 403 || status === 407) return { kind: 'hold', cause };
  if (cause.isRetryable) {
    return {
      kind: 'retry',
      cause,
      mayHaveArrived: MAYBE_TAKEN.has(status),
      afterMs: retryAfterMs(response, nowMs) ?? restUntilReset(response, nowMs),
    };
  }
  return { kind: 'refused', cause };
}

function classifySuccess(
  protocol: Protocol,
  response: HttpResponse,
  batch: EncodedBatch,
  records: readonly ObservationRecord[],
): Outcome {
  const body = parse(response.text);
  if (body === undefined) {
    const isPage = /^\s*</.test(response.text);
    const cause = toError(
      protocol,
      response,
      isPage ? 'answered with a page, not with JSON' : 'answered with broken JSON',
    );
    // A page comes from something that is not Langfuse. Broken JSON is a cut answer, and a repeat changes nothing.
    return isPage ? { kind: 'hold', cause } : { kind: 'retry', cause, mayHaveArrived: true };
  }
  if (protocol === 'otlp') return classifyExport(response, body, records.length);
  return classifyEvents(response, body, batch, records);
}

/** OTLP answers with an opaque document, or with nothing at all. */
function parse(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function retryAfterMs({ headers }: HttpResponse, nowMs: number): number | undefined {
  return parseRetryAfter(headerOf(headers, 'retry-after'), headerOf(headers, 'date'), nowMs);
}

const CODES: Readonly<{ [status: number]: LangfuseErrorCode }> = {
  401: 'AUTH_ERROR',
  403: 'AUTH_ERROR',
  408: 'TIMEOUT_ERROR',
  429: 'RATE_LIMIT_ERROR',
};

export function toError(protocol: Protocol, response: HttpResponse, text?: string): LangfuseError {
  const { status, headers } = response;
  const said = text ?? `the server answered ${status}${excerpt(response.text)}`;
  return new LangfuseError(CODES[status] ?? 'API_ERROR', `${said}${remedyFor(response)}`, {
    status,
    requestId:
      headerOf(headers, 'x-request-id') ?? headerOf(headers, 'cf-ray') ?? headerOf(headers, 'x-amzn-requestid'),
    details: { protocol },
  });
}

function remedyFor({ status, headers }: HttpResponse): string {
  if (status === 401) return '; check publicKey, secretKey and that baseUrl is the region of the project';
  if (status === 403) return '; the project may be suspended or over its plan, or the key may lack the permission';
  if (status >= 300 && status < 400) return `; it redirects to ${location(headers)}, give that as baseUrl`;
  if (status >= 200 && status < 300) return '; check that baseUrl is the address of Langfuse itself';
  return '';
}

function location(headers: HttpResponse['headers']): string {
  const target = headerOf(headers, 'location');
  return target !== undefined && URL.canParse(target) ? new URL(target).origin : 'another address';
}

/** The beginning of what the server said, without markup: enough to recognise the reason. */
function excerpt(text: string): string {
  const words = text
    .replace(/<[^>]{0,200}>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return words === '' ? '' : ` (${words.length > 200 ? `${words.slice(0, 200)}…` : words})`;
}
