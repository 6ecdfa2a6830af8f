import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { LangfuseError } from '../errors.js';
import type { Protocol } from '../model.js';
import type { Outcome } from '../outcome.js';
import type { Clock, EncodedBatch, Encoder, HttpRequest, HttpResponse, ServerTraits, Transport } from '../ports.js';
import type { ObservationRecord } from '../record.js';
import { withDeadline } from '../runtime/deadline.js';
import { Turns } from '../runtime/turns.js';
import type { Send } from './delivery-parts.js';
import type { SizeLimit } from './size-limit.js';

const compress = promisify(gzip);
/** Smaller bodies gain nothing. */
const LEAST_GZIP_BYTES = 1024;

export interface SendParts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly encoders: Readonly<{ [protocol in Protocol]: Encoder }>;
  /** Cuts a record that would take more bytes. */
  readonly fit: (protocol: Protocol, record: ObservationRecord, maxBytes: number) => ObservationRecord;
  readonly limits: Readonly<{ [protocol in Protocol]: SizeLimit }>;
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

/** The frame around a single record. */
const FRAME_BYTES = 1024;

/** One attempt: encode, send, classify. */
export function sender(parts: SendParts): Send {
  const turns = new Turns(parts.clock);
  return async (protocol, given, signal, notes) => {
    const limit = parts.limits[protocol];
    await turns.next();
    if (signal.aborted) return { kind: 'retry', cause: stopped(), mayHaveArrived: false };
    const written = notes.encoding(() => encode(parts, protocol, given, limit.bytes - FRAME_BYTES));
    if ('kind' in written) return written;
    const { records, batch } = written;
    const bytes = batch.body.byteLength;
    if (bytes > limit.bytes && records.length > 1) return { kind: 'too_large', cause: tooManyBytes(bytes, limit) };
    notes.departs();
    const outcome = await attempt(parts, protocol, batch, records, signal);
    if (outcome.kind === 'too_large') limit.tooLarge(bytes, records.length);
    else if (outcome.kind === 'accepted') limit.accepted(bytes);
    return outcome;
  };
}

interface Written {
  readonly records: readonly ObservationRecord[];
  readonly batch: EncodedBatch;
}

/** A record that cannot be written must not take others with it: as one that the server refuses, it is singled out. */
function encode(
  parts: SendParts,
  protocol: Protocol,
  given: readonly ObservationRecord[],
  maxBytes: number,
): Written | Outcome {
  try {
    const records = given.map((record) => parts.fit(protocol, record, maxBytes));
    return { records, batch: parts.encoders[protocol].encode(records, parts.traits()) };
  } catch (cause) {
    const text = 'a span could not be written as a request';
    return { kind: 'refused', cause: new LangfuseError('INTERNAL_ERROR', text, { cause, isRetryable: false }) };
  }
}

async function attempt(
  parts: SendParts,
  protocol: Protocol,
  batch: EncodedBatch,
  records: readonly ObservationRecord[],
  signal: AbortSignal,
): Promise<Outcome> {
  const startedAt = parts.clock.now();
  try {
    const request = await requestFor(protocol, batch, parts.gzip);
    const response = await withDeadline(
      parts.clock,
      parts.attemptTimeoutMs,
      (deadline) => parts.transport.send(request, deadline),
      signal,
    );
    return parts.classifyResponse(protocol, response, batch, records, parts.clock.wallMs());
  } catch (failure) {
    return parts.classifyFailure(failure, parts.clock.now() - startedAt >= parts.attemptTimeoutMs);
  }
}

function stopped(): LangfuseError {
  return new LangfuseError('SHUTDOWN_ERROR', 'not sent: the shutdown is over', { isRetryable: true });
}

/** Never sent: the estimate with which the batch was planned was too low. */
function tooManyBytes(bytes: number, limit: SizeLimit): LangfuseError {
  return new LangfuseError('API_ERROR', `a batch of ${bytes} bytes is more than the limit of ${limit.bytes}`);
}

async function requestFor(protocol: Protocol, { body }: EncodedBatch, gzipped: boolean): Promise<HttpRequest> {
  const headers: { [name: string]: string } = { 'content-type': 'application/json' };
  // v4 then stores the spans directly instead of through the old tables, minutes later.
  if (protocol === 'otlp') headers['x-langfuse-ingestion-version'] = '4';
  // The server merges ingestion events by id. On OTLP a repeat may show twice, so there it is never silent.
  const request = { method: 'POST', path: PATHS[protocol], headers, isRepeatable: protocol === 'ingestion' } as const;
  if (protocol === 'ingestion' || !gzipped || body.length < LEAST_GZIP_BYTES) return { ...request, body };
  headers['content-encoding'] = 'gzip';
  return { ...request, body: await compress(body, { level: 1 }) };
}
