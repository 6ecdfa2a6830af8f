import { describe, expect, it } from 'vitest';
import { rejectionOf, toEventRows, toIngestionEvents } from '../../support/local-langfuse/otlp/index.js';
import { otlpExport } from '../../support/otlp-export.js';

const IDS = 'traceId and spanId are required on every span, and each must be a string or a byte array.';
const LISTS =
  'scopeSpans, spans, attributes and events must all be arrays — OTLP attributes are a list of {key, value} entries, not a JSON object.';

describe('an export is refused as a whole', () => {
  // Texts as 4.16.0 answered them.
  it.each([
    ['without a trace id', { traceId: undefined }, 'traceId:absent', IDS],
    ['without a span id', { spanId: undefined }, 'spanId:absent', IDS],
    ['with a number as parent', { parentSpanId: 5 }, 'parentSpanId:not_an_id', IDS],
    ['with an object of attributes', { attributes: { a: 1 } }, 'attributes:not_an_array', LISTS],
  ])('%s', (_, span, reason, rule) => {
    expect(rejectionOf(otlpExport({}, { span }))).toBe(
      `Invalid OTLP trace export: 1 of 2 span(s) cannot be processed (${reason}). ${rule} The entire export was rejected and no spans were ingested. Instrumentation scopes: test-scope. This endpoint accepts OpenTelemetry traces only — if you are exporting OpenTelemetry logs, point your log exporter elsewhere.`,
    );
  });

  it('with a null span', () => {
    const body = { resourceSpans: [{ scopeSpans: [{ scope: { name: 's' }, spans: [null] }] }] };

    expect(rejectionOf(body)).toContain(
      '1 of 1 span(s) cannot be processed (traceId:absent, spanId:absent). traceId and',
    );
  });

  it.each([
    ['resource', { resource: { attributes: {} }, scopeSpans: [] }],
    ['scopeSpans', { scopeSpans: {} }],
    ['scope', { scopeSpans: [{ scope: { attributes: {} } }] }],
    ['spans', { scopeSpans: [{ spans: {} }] }],
    ['events', { scopeSpans: [{ spans: [{ traceId: 't', spanId: 's', events: {} }] }] }],
    ['event', { scopeSpans: [{ spans: [{ traceId: 't', spanId: 's', events: [{ attributes: {} }] }] }] }],
  ])('with an object for a list in %s', (_, resourceSpan) => {
    expect(rejectionOf({ resourceSpans: [resourceSpan] })).toContain(':not_an_array');
  });
});

describe('an export is accepted', () => {
  it.each([
    ['short ids', { traceId: 'abc', spanId: '12' }, { traceId: 'abc', spanId: '12' }],
    ['upper-case ids', { traceId: 'ABC' }, { traceId: 'ABC' }],
    ['bytes as ids', { traceId: [1, 171], spanId: { type: 'Buffer', data: [255] } }, { traceId: '01ab', spanId: 'ff' }],
    ['an empty parent', { parentSpanId: '' }, { parentSpanId: null }],
    ['a zero parent', { parentSpanId: '0000000000000000' }, { parentSpanId: '0000000000000000' }],
    ['no name', { name: undefined }, { name: '' }],
    ['null attributes', { attributes: null }, {}],
    ['null events', { events: null }, {}],
    ['no status', { status: null }, { level: 'DEFAULT', statusMessage: null }],
    [
      'a status code as text',
      { status: { code: 'STATUS_CODE_ERROR', message: 'boom' } },
      { level: 'DEFAULT', statusMessage: 'boom' },
    ],
    ['no start', { startTimeUnixNano: undefined }, { startTime: '2026-11-23T08:00:00.250Z' }],
    ['no end', { endTimeUnixNano: undefined }, { endTime: '2026-11-23T08:00:00.000Z' }],
    ['a start with a point', { startTimeUnixNano: '1795420800000000000.5' }, { startTime: '2026-11-23T08:00:00.250Z' }],
    ['an end of zero', { endTimeUnixNano: '0' }, { endTime: '1970-01-01T00:00:00.000Z' }],
    ['times as numbers', { endTimeUnixNano: 1795420800005000000 }, { endTime: '2026-11-23T08:00:00.005Z' }],
    ['times in halves', { startTimeUnixNano: { low: -1, high: 0 } }, { startTime: '1970-01-01T00:00:04.294Z' }],
  ])('with %s', (_, span, row) => {
    const body = otlpExport({ span });

    expect(rejectionOf(body)).toBeUndefined();
    expect(toEventRows(body)).toEqual([expect.objectContaining(row)]);
  });

  it.each([[undefined], [null], [{}], [{ resourceSpans: null }], [{ resourceSpans: [{ scopeSpans: [{}] }] }]])(
    'as empty: %j',
    (body) => {
      expect(rejectionOf(body)).toBeUndefined();
      expect(toEventRows(body)).toEqual([]);
    },
  );
});

describe('an accepted export is lost as a whole', () => {
  const attribute = (value: unknown): object => ({ span: { attributes: [{ key: 'a', value }] } });

  it.each([
    ['attribute without a value', attribute(undefined)],
    ['null in a list', attribute({ arrayValue: { values: [null] } })],
    ['null attribute', { span: { attributes: [null] } }],
    ['null event', { span: { events: [null] } }],
    ['type of a prototype', { attributes: { 'langfuse.observation.type': 'constructor' } }],
    ['operation that is no text', { attributes: { 'operation.name': 5 } }],
    ['path through a text', { attributes: { 'gen_ai.prompt.0.a': 'x', 'gen_ai.prompt.0.a.b': 'y' } }],
  ])('by one %s', (_, span) => {
    const body = otlpExport({}, span);

    expect(rejectionOf(body)).toBeUndefined();
    expect(toEventRows(body)).toEqual([]);
    expect(toIngestionEvents(body, new Set())).toEqual([]);
  });
});

describe('an attribute', () => {
  it.each([
    ['empty value', {}, '{}'],
    ['null text', { stringValue: null }, 'null'],
    ['NaN', { doubleValue: 'NaN' }, 'NaN'],
    ['number as text', { doubleValue: '1.5' }, '1.5'],
    ['bytes', { bytesValue: 'AQID' }, '{"bytesValue":"AQID"}'],
    ['map', { kvlistValue: {} }, '{"kvlistValue":{}}'],
    ['list without values', { arrayValue: {} }, '{"arrayValue":{}}'],
    ['list', { arrayValue: { values: [{}, { stringValue: 'x' }, { intValue: '1' }] } }, '["{}","x",1]'],
    ['large integer', { intValue: '9223372036854775807' }, '9223372036854776000'],
    ['integer in halves', { intValue: { low: 1, high: 1 } }, '4294967297'],
    ['-1 in halves', { intValue: { low: -1, high: -1 } }, '-1'],
    ['integer that is none', { intValue: 'x' }, '{"intValue":"x"}'],
  ])('that is %s is stored as text', (_, value, text) => {
    const [row] = toEventRows(otlpExport({ span: { attributes: [{ key: 'a', value }] } }));

    expect(row?.metadata).toEqual({ 'attributes.a': text, 'scope.name': 'test-scope' });
  });
});
