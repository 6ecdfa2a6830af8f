import { describe, expect, it } from 'vitest';
import { ingestionEncoder } from '../../../src/encode/ingestion.js';
import { otlpEncoder } from '../../../src/encode/otlp.js';
import { classifyResponse } from '../../../src/http/classify.js';
import { classifyFailure } from '../../../src/http/classify-failure.js';
import { Unsent } from '../../../src/http/unsent.js';
import type { Protocol } from '../../../src/model.js';
import type { Outcome } from '../../../src/outcome.js';
import type { HttpResponse } from '../../../src/ports.js';
import { record, spanId } from '../../support/observations.js';
import { fc } from '../../support/seeded-check.js';

const TRAITS = { manyTypes: true, oldUsage: false, wantsStructures: false };
const inner = { position: 'inner', parentId: 'aaaaaaaaaaaaaaaa' } as const;
const records = [
  record(),
  ...[1, 2].map((n) => record({ ...inner, id: spanId(n), traceId: `${n}`.padStart(32, '0') })),
];
const batches = { ingestion: ingestionEncoder.encode(records, TRAITS), otlp: otlpEncoder.encode(records, TRAITS) };
const ids = [...batches.ingestion.recordsOf.keys()];
const [traceEventId = '', firstId = ''] = [ids.find((id) => id.endsWith('-trace')), records[0]?.id];

function answer(protocol: Protocol, status: number, body: unknown, headers: HttpResponse['headers'] = {}): Outcome {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return classifyResponse(protocol, { status, headers, text }, batches[protocol], records, 0);
}

const created = (list: readonly string[]) => list.map((id) => ({ id, status: 201 }));

describe('a status', () => {
  it.each([
    [400, 'refused'],
    [401, 'hold'],
    [403, 'hold'],
    [404, 'wrong_protocol'],
    [405, 'wrong_protocol'],
    [408, 'retry'],
    [413, 'too_large'],
    [422, 'refused'],
    [425, 'retry'],
    [429, 'retry'],
    [500, 'retry'],
    [502, 'retry'],
    [503, 'retry'],
    [524, 'retry'],
    [308, 'hold'],
  ])('%i means %s, whatever the body is', (status, kind) => {
    for (const protocol of ['ingestion', 'otlp'] as const) {
      for (const body of ['', '<html><body>502 Bad Gateway</body></html>', '{"message":"x"}', '{"broken']) {
        expect(answer(protocol, status, body).kind).toBe(kind);
      }
    }
  });

  it('carries the wait the server asked for', () => {
    expect(answer('otlp', 429, '', { 'retry-after': '3' })).toMatchObject({ kind: 'retry', afterMs: 3_000 });
  });

  it('of a rate limit carries the time of its reset when that is all that is said', () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '4' };
    expect(answer('otlp', 429, '', headers)).toMatchObject({ kind: 'retry', afterMs: 4_000 });
    expect(answer('otlp', 429, '', { ...headers, 'retry-after': '9' })).toMatchObject({ afterMs: 9_000 });
  });

  it('of a success with nothing left asks for a rest', () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '4' };
    expect(answer('otlp', 200, {}, headers)).toMatchObject({ kind: 'accepted', restMs: 4_000 });
    const body = { successes: created(ids.slice(1)), errors: [] };
    expect(answer('ingestion', 207, body, headers)).toMatchObject({ kind: 'partial', restMs: 4_000 });
    expect(answer('otlp', 200, {}, { ...headers, 'x-ratelimit-remaining': '1' })).not.toHaveProperty('restMs');
  });

  it.each([
    [500, false],
    [502, true],
    [503, false],
    [504, true],
    [520, true],
    [524, true],
  ])('of %i leaves open whether the spans arrived: %s', (status, mayHaveArrived) => {
    expect(answer('otlp', status, '')).toMatchObject({ kind: 'retry', mayHaveArrived });
  });

  it('becomes an error with code, status, request id and a remedy', () => {
    const outcome = answer('otlp', 401, { message: 'Invalid credentials' }, { 'x-request-id': 'r-1' });
    expect(outcome).toMatchObject({
      cause: { code: 'AUTH_ERROR', status: 401, requestId: 'r-1', isRetryable: false, details: { statusCode: 401 } },
    });
    expect(outcome.kind === 'hold' && outcome.cause.message).toMatch(/check publicKey, secretKey and that baseUrl/);
  });

  it('of a redirect names the other origin and not its path or query', () => {
    const outcome = answer('otlp', 302, '', { location: 'https://other.example/login?token=x' });
    expect(outcome.kind === 'hold' && outcome.cause.message).toContain('https://other.example, give that as baseUrl');
  });
});

describe('an OTLP answer', () => {
  it('of 200 means accepted, whatever JSON it is', () => {
    for (const body of ['{}', '', { opaque: [1] }]) expect(answer('otlp', 200, body).kind).toBe('accepted');
  });

  it('that is a page means that this is not Langfuse', () => {
    expect(answer('otlp', 200, '<!doctype html><title>Welcome</title>').kind).toBe('hold');
  });
});

describe('an OTLP answer of a collector on the way', () => {
  it.each([
    [
      { partialSuccess: { rejectedSpans: '2', errorMessage: 'quota' } },
      2,
      /refused 2 of 3 spans, without saying which \(quota/,
    ],
    [{ partialSuccess: { rejectedSpans: 1 } }, 1, /1 of 3 spans, without saying which \(no message/],
    [{ partialSuccess: { rejectedSpans: '99' } }, 3, /refused 3 of 3 spans \(/],
  ])('%j refuses %i spans for good', (body, count, message) => {
    const outcome = answer('otlp', 200, body);
    expect(outcome).toMatchObject({ kind: 'accepted', refusedUnnamed: { count } });
    expect(outcome.kind === 'accepted' && outcome.refusedUnnamed?.cause.message).toMatch(message);
  });

  it.each([
    {},
    { partialSuccess: {} },
    { partialSuccess: { errorMessage: 'a warning' } },
    { partialSuccess: { rejectedSpans: '0' } },
    { partialSuccess: { rejectedSpans: -1 } },
    { partialSuccess: { rejectedSpans: 'all' } },
    { partialSuccess: null },
    { partialSuccess: 'no' },
    [],
    null,
    7,
  ])('%j refuses none', (body) => {
    expect(answer('otlp', 200, body)).toEqual({ kind: 'accepted', traceEventRejections: [] });
  });
});

describe('a 207', () => {
  it('with every id among the successes means accepted, in whatever order', () => {
    expect(answer('ingestion', 207, { successes: created([...ids].reverse()), errors: [] }).kind).toBe('accepted');
  });

  it('rejects the record whose observation is refused, and only that', () => {
    const errors = [{ id: firstId, status: 400, message: 'Invalid request data' }];
    const outcome = answer('ingestion', 207, { successes: created(ids.filter((id) => id !== firstId)), errors });
    expect(outcome.kind === 'partial' && [...outcome.rejected.keys()]).toEqual([0]);
    expect(outcome.kind === 'partial' && outcome.retry.size).toBe(0);
  });

  it('tells a refused trace event beside the records, which are delivered', () => {
    const errors = [{ id: traceEventId, status: 400, message: 'Invalid request data' }];
    const outcome = answer('ingestion', 207, { successes: created(ids.filter((id) => id !== traceEventId)), errors });
    expect(outcome).toMatchObject({ kind: 'accepted', traceEventRejections: [{ status: 400 }] });
  });

  it('retries the record when its trace event met a passing failure', () => {
    const errors = [{ id: traceEventId, status: 500, error: 'Internal Server Error' }];
    const outcome = answer('ingestion', 207, { successes: created(ids.filter((id) => id !== traceEventId)), errors });
    expect(outcome.kind === 'partial' && [...outcome.retry]).toEqual([0]);
  });

  it('retries what it does not mention', () => {
    const outcome = answer('ingestion', 207, { successes: created(ids.filter((id) => id !== firstId)), errors: [] });
    expect(outcome.kind === 'partial' && [...outcome.retry]).toEqual([0]);
  });

  it('takes the id "unknown" for the ones it does not mention, when the numbers fit', () => {
    const errors = [{ id: 'unknown', status: 400, message: 'Invalid request data' }];
    const outcome = answer('ingestion', 207, { successes: created(ids.filter((id) => id !== firstId)), errors });
    expect(outcome.kind === 'partial' && [...outcome.rejected.keys()]).toEqual([0]);
  });

  it('that refuses the event type means the other protocol', () => {
    const errors = ids.map((id) => ({
      id,
      status: 400,
      message: 'Event type not accepted',
      error: 'Event type "span-create" …',
    }));
    expect(answer('ingestion', 207, { successes: [], errors }).kind).toBe('wrong_protocol');
  });

  it('that is broken, or says nothing of what it stored, is repeated', () => {
    for (const body of ['{"successes":[', {}, { successes: 'all' }, 'null', '[]']) {
      expect(answer('ingestion', 207, body).kind).toBe('retry');
    }
  });

  it('never throws and never names a position outside the batch, whatever it contains', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (successes, errors) => {
        const outcome = answer('ingestion', 207, { successes, errors });
        if (outcome.kind !== 'partial') return;
        for (const position of [...outcome.retry, ...outcome.rejected.keys()]) expect(records[position]).toBeDefined();
      }),
    );
  });
});

describe('no answer', () => {
  it.each([
    ['ECONNREFUSED', 'retry', 'NETWORK_ERROR'],
    ['ENOTFOUND', 'retry', 'NETWORK_ERROR'],
    ['UND_ERR_SOCKET', 'retry', 'NETWORK_ERROR'],
    ['UND_ERR_HEADERS_TIMEOUT', 'retry', 'TIMEOUT_ERROR'],
    ['CERT_HAS_EXPIRED', 'hold', 'NETWORK_ERROR'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'hold', 'NETWORK_ERROR'],
  ])('because of %s means %s', (code, kind, errorCode) => {
    const failure = Object.assign(new Error('failed'), { code });
    for (const thrown of [
      failure,
      new AggregateError([failure]),
      Object.assign(new TypeError('fetch'), { cause: failure }),
    ]) {
      expect(classifyFailure(thrown, 'http://localhost', false)).toMatchObject({ kind, cause: { code: errorCode } });
    }
  });

  it('is ambiguous only when the request had begun to leave', () => {
    const failure = Object.assign(new Error('failed'), { code: 'ECONNRESET' });
    expect(classifyFailure(failure, 'http://localhost', false)).toMatchObject({ mayHaveArrived: true });
    const unsent = classifyFailure(new Unsent(failure), 'http://localhost', false);
    expect(unsent).toMatchObject({ mayHaveArrived: false, cause: { code: 'NETWORK_ERROR', cause: failure } });
    expect(classifyFailure(new Unsent(failure), 'http://localhost', true)).toMatchObject({ mayHaveArrived: false });
  });

  it('within our own deadline is a time-out, and anything may be thrown', () => {
    for (const thrown of [new DOMException('aborted', 'AbortError'), undefined, 'text', null]) {
      expect(classifyFailure(thrown, 'http://localhost', true)).toMatchObject({ cause: { code: 'TIMEOUT_ERROR' } });
    }
  });
});
