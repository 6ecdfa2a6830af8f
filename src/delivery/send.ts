import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { LangfuseError } from '../errors.js';
import type { ObservationRecord, Outcome, Protocol } from '../model.js';
import type { Clock, EncodedBatch, Encoder, HttpRequest, HttpResponse, ServerTraits, Transport } from '../ports.js';
import { withDeadline } from '../runtime/deadline.js';
import type { Send } from './delivery-loop.js';

const compress = promisify(gzip);
/** Smaller bodies gain nothing. */
const LEAST_GZIP_BYTES = 1024;

export interface SendParts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly encoders: Readonly<{ [protocol in Protocol]: Encoder }>;
  /** Cuts a record that is too large for the protocol. */
  readonly fit: (protocol: Protocol, record: ObservationRecord) => ObservationRecord;
  /** More bytes are not sent in one request, unless one record alone has them. */
  readonly maxBatchBytes: (protocol: Protocol) => number;
  readonly traits: () => ServerTraits;
  readonly attemptTimeoutMs: number;
  /** The ingestion endpoint does not decompress. */
  readonly gzip: boolean;
  readonly classifyResponse: (
    protocol: Protocol,
    response: HttpResponse,
    batch: EncodedBatch,
    records: readonly ObservationRecord[],
    nowMs: number,
  ) => Outcome;
  readonly classifyFailure: (failure: unknown, timedOut: boolean) => Outcome;
}

const PATHS: Readonly<{ [protocol in Protocol]: string }> = {
  ingestion: '/api/public/ingestion',
  otlp: '/api/public/otel/v1/traces',
};

/** One attempt: encode, send, classify. */
export function sender(parts: SendParts): Send {
  return async (protocol, given, signal) => {
    const records = given.map((record) => parts.fit(protocol, record));
    const batch = parts.encoders[protocol].encode(records, parts.traits());
    const bytes = batch.body.byteLength;
    if (bytes > parts.maxBatchBytes(protocol) && records.length > 1) {
      const cause = new LangfuseError('API_ERROR', `a batch of ${bytes} bytes is more than maxBatchBytes`, {
        isRetryable: false,
      });
      return { kind: 'too_large', cause };
    }
    const startedAt = parts.clock.now();
    try {
      const request = await requestFor(protocol, batch, parts.gzip);
      const response = await withDeadline(
        parts.clock,
        parts.attemptTimeoutMs,
        (attempt) => parts.transport.send(request, attempt),
        signal,
      );
      return parts.classifyResponse(protocol, response, batch, records, parts.clock.wallMs());
    } catch (failure) {
      return parts.classifyFailure(failure, parts.clock.now() - startedAt >= parts.attemptTimeoutMs);
    }
  };
}

async function requestFor(protocol: Protocol, { body }: EncodedBatch, gzipped: boolean): Promise<HttpRequest> {
  const headers: { [name: string]: string } = { 'content-type': 'application/json' };
  // v4 then stores the spans directly instead of through the old tables, minutes later.
  if (protocol === 'otlp') headers['x-langfuse-ingestion-version'] = '4';
  if (protocol === 'ingestion' || !gzipped || body.length < LEAST_GZIP_BYTES) {
    return { method: 'POST', path: PATHS[protocol], headers, body };
  }
  headers['content-encoding'] = 'gzip';
  return { method: 'POST', path: PATHS[protocol], headers, body: await compress(body, { level: 1 }) };
}
