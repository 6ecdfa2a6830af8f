import { describe, expect, it } from 'vitest';
import { otlpEncoder } from '../../../src/encode/otlp.js';
import type { ObservationRecord } from '../../../src/record.js';
import { record, spanId } from '../../support/observations.js';

interface Attribute {
  readonly key: string;
  readonly value: { readonly [kind: string]: unknown };
}
interface Span {
  readonly attributes: readonly Attribute[];
  readonly [field: string]: unknown;
}
interface Body {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly scope: { readonly name: string }; readonly spans: readonly Span[] }[];
  }[];
}

const TRAITS = { manyTypes: true, oldUsage: false, wantsStructures: false };

function encode(records: readonly ObservationRecord[]): Body {
  return JSON.parse(new TextDecoder().decode(otlpEncoder.encode(records, TRAITS).body)) as Body;
}

function firstSpan(made: ObservationRecord): Span {
  const span = encode([made]).resourceSpans[0]?.scopeSpans[0]?.spans[0];
  if (span === undefined) throw new Error('no span');
  return span;
}

const valuesOf = ({ attributes }: Span) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

describe('an OTLP body', () => {
  it('is a span with ids, times and kind of the original, in Langfuse’s attributes and a scope of our own', () => {
    const made = record({
      position: 'inner',
      parentId: 'aaaaaaaaaaaaaaaa',
      kind: 2,
      type: 'tool',
      input: '{"q":1}',
      output: { rows: [1] },
    });
    expect(encode([made]).resourceSpans[0]?.scopeSpans[0]?.scope.name).toBe('opentelemetry-exporter-langfuse');
    expect(firstSpan(made)).toMatchObject({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      parentSpanId: 'aaaaaaaaaaaaaaaa',
      kind: 3,
      startTimeUnixNano: '1790000000000000000',
      endTimeUnixNano: '1790000001500000000',
      status: { code: 0 },
    });
    expect(valuesOf(firstSpan(made))).toMatchObject({
      'langfuse.observation.type': 'tool',
      'langfuse.observation.level': 'DEFAULT',
      'langfuse.environment': 'default',
      'langfuse.observation.input': '{"q":1}',
      'langfuse.observation.output': '{"rows":[1]}',
      'langfuse.observation.metadata.scope': '{"name":"test-scope","version":"1.2.3","attributes":{}}',
    });
  });

  it('has the original resource, once for all its spans', () => {
    const body = encode([record({ id: spanId(1) }), record({ id: spanId(2) })]);
    expect(body.resourceSpans).toHaveLength(1);
    expect(body.resourceSpans[0]?.resource.attributes).toEqual([
      { key: 'service.name', value: { stringValue: 'test' } },
    ]);
    expect(body.resourceSpans[0]?.scopeSpans[0]?.spans).toHaveLength(2);
  });

  it('carries the trace fields on the span, and marks the entry of a trace from elsewhere', () => {
    const trace = { name: 't', userId: 'u', sessionId: 's', tags: ['a', 'b'], public: true, metadata: { plan: 'pro' } };
    const span = firstSpan(record({ position: 'local', parentId: 'aaaaaaaaaaaaaaaa', trace }));
    expect(valuesOf(span)).toMatchObject({
      'langfuse.trace.name': 't',
      'user.id': 'u',
      'session.id': 's',
      'langfuse.trace.public': true,
      'langfuse.trace.metadata.plan': 'pro',
      'langfuse.internal.is_app_root': true,
    });
    const tags = span.attributes.find(({ key }) => key === 'langfuse.trace.tags');
    expect(tags?.value).toEqual({ arrayValue: { values: [{ stringValue: 'a' }, { stringValue: 'b' }] } });
  });

  it('gives every attribute exactly one kind of value, and none to what has no value', () => {
    const metadata = {
      text: 't',
      int: 5,
      float: 0.5,
      flag: false,
      list: [1, null],
      nothing: null,
      gone: undefined,
      nan: Number.NaN,
      big: 1e21,
    };
    const { attributes } = firstSpan(record({ metadata }));
    for (const { value } of attributes) expect(Object.keys(value)).toHaveLength(1);
    const of = (key: string) => attributes.find((a) => a.key === `langfuse.observation.metadata.${key}`)?.value;
    expect(of('text')).toEqual({ stringValue: 't' });
    expect(of('int')).toEqual({ intValue: '5' });
    expect(of('float')).toEqual({ doubleValue: 0.5 });
    expect(of('flag')).toEqual({ boolValue: false });
    expect(of('list')).toEqual({ stringValue: '[1,null]' });
    expect(of('nan')).toEqual({ stringValue: 'NaN' });
    expect(of('big')).toEqual({ doubleValue: 1e21 });
    expect([of('nothing'), of('gone')]).toEqual([undefined, undefined]);
  });

  it('keeps exceptions as events and in the metadata, and links as links', () => {
    const made = record({
      statusCode: 2,
      statusMessage: 'boom',
      level: 'ERROR',
      events: [{ name: 'exception', time: [1_790_000_001, 5], attributes: { 'exception.message': 'boom', n: null } }],
      links: [{ traceId: 'f'.repeat(32), spanId: 'e'.repeat(16), attributes: { why: 'retry' } }],
    });
    expect(firstSpan(made)).toMatchObject({
      status: { code: 2, message: 'boom' },
      events: [
        {
          name: 'exception',
          timeUnixNano: '1790000001000000005',
          attributes: [{ key: 'exception.message', value: { stringValue: 'boom' } }],
        },
      ],
      links: [
        {
          traceId: 'f'.repeat(32),
          spanId: 'e'.repeat(16),
          attributes: [{ key: 'why', value: { stringValue: 'retry' } }],
        },
      ],
    });
    const values = valuesOf(firstSpan(made));
    expect(values['langfuse.observation.metadata.events']).toContain('"exception.message":"boom"');
    expect(values['langfuse.observation.metadata.links']).toContain('"why":"retry"');
  });

  it('marks as a root, in the older tables and the newer, what is one in spite of its parent', () => {
    const marks = {
      'langfuse.internal.as_root': true,
      'langfuse.internal.is_app_root': true,
    };
    expect(valuesOf(firstSpan(record({ position: 'trace', parentId: 'aaaaaaaaaaaaaaaa' })))).toMatchObject(marks);
    const others = [record({ position: 'trace' }), record({ position: 'inner', parentId: 'aaaaaaaaaaaaaaaa' })];
    for (const other of others) for (const key in marks) expect(valuesOf(firstSpan(other))).not.toHaveProperty(key);
  });

  it('says in v4’s own attributes which item of which experiment it is', () => {
    const made = record({ experiment: { id: 'run-1', 'item.id': 'item-7', metadata: { seed: 1 } } });
    expect(valuesOf(firstSpan(made))).toMatchObject({
      'langfuse.experiment.id': 'run-1',
      'langfuse.experiment.item.id': 'item-7',
      'langfuse.experiment.metadata': '{"seed":1}',
    });
  });

  it('puts a trace’s own input on the root, where v4 looks for it', () => {
    expect(valuesOf(firstSpan(record({ trace: { input: 'asked', output: 'answered' } })))).toMatchObject({
      'langfuse.observation.input': 'asked',
      'langfuse.observation.output': 'answered',
    });
  });

  it('widens nothing for one span beyond Latin-1 and writes what it was given', () => {
    const texts = ['plain '.repeat(200), '東京 🚀 '.repeat(200), 'Müller '.repeat(200)];
    const spans = encode(texts.map((input, n) => record({ id: spanId(n), input }))).resourceSpans[0]?.scopeSpans[0]
      ?.spans;
    expect(spans?.map((span) => valuesOf(span)['langfuse.observation.input'])).toEqual(texts);
  });
});
