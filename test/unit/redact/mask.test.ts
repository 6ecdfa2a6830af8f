import { context, createContextKey } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { describe, expect, it, onTestFinished } from 'vitest';
import { toJson } from '../../../src/encode/json.js';
import { toRecord } from '../../../src/encode/record.js';
import type { MaskFunction, MaskParams } from '../../../src/mask-function.js';
import type { Observation } from '../../../src/model.js';
import { FIELDS } from '../../../src/redact/places.js';
import { TraceMemory } from '../../../src/translate/trace-memory.js';
import { atOnce, masked, maskWith } from '../../support/masking.js';
import { observation, record } from '../../support/observations.js';
import { fc } from '../../support/seeded-check.js';

const asked = (over: Partial<Observation>): { readonly [key: string]: string } => {
  const seen: { [key: string]: string } = {};
  const note: MaskFunction = ({ data, key }) => {
    seen[key] = data;
    return data;
  };
  masked(note, over, note);
  return seen;
};

const FULL: Partial<Observation> = {
  input: 'a text',
  output: { role: 'assistant' },
  statusMessage: 'why',
  modelParameters: { temperature: 0.7, stop: 'x' },
  prompt: { name: 'p', version: 2 },
  model: 'm',
  version: '1',
  release: '2',
  metadata: { a: 1n, b: { c: [true] } },
  attributes: { 'http.url': 'u', list: ['x'] },
  events: [{ name: 'e', time: [1, 0], attributes: { x: 'y' } }],
  links: [{ traceId: 't', spanId: 's', attributes: { l: 'm' } }],
  resource: { attributes: { 'host.name': 'h' } },
  scope: { name: 'sc', version: '3', attributes: { s: 't' } },
  trace: { name: 'tn', userId: 'u', sessionId: 's', tags: ['t'], metadata: { k: 'v' }, input: 'ti', output: [1] },
  experiment: { 'item.id': 'e1' },
};

describe('a mask', () => {
  it('is asked about every text, by the name it has in Langfuse, and about structures as JSON text', () => {
    expect(asked(FULL)).toEqual({
      input: 'a text',
      output: '{"role":"assistant"}',
      statusMessage: 'why',
      'modelParameters.temperature': '0.7',
      'modelParameters.stop': 'x',
      promptName: 'p',
      'metadata.a': '"1"',
      'metadata.b': '{"c":[true]}',
      'metadata.attributes.http.url': 'u',
      'metadata.attributes.list': '["x"]',
      'metadata.events.0.name': 'e',
      'metadata.events.0.attributes.x': 'y',
      'experiment.item.id': 'e1',
      'links.0.attributes.l': 'm',
      'metadata.resourceAttributes.host.name': 'h',
      'metadata.scope.attributes.s': 't',
      'trace.input': 'ti',
      'trace.output': '[1]',
      'trace.metadata.k': 'v',
      name: 'work',
      environment: 'default',
      model: 'm',
      version: '1',
      release: '2',
      userId: 'u',
      sessionId: 's',
      'tags.0': 't',
      'trace.name': 'tn',
      'metadata.scope.name': 'sc',
      'metadata.scope.version': '3',
    });
  });

  it('is asked about every field that the application fills', () => {
    const given = observation(FULL);
    const after = masked(
      ({ data }) => `${data}!`,
      given,
      ({ data }) => `${data}!`,
    );
    const fields = Object.keys(FIELDS) as (keyof Observation)[];
    const changed = fields.filter((field) => toJson(after[field]) !== toJson(given[field]));
    expect(changed.sort()).toEqual(fields.filter((field) => FIELDS[field] === 'asked').sort());
  });

  it('is asked about what a span has from where it started', () => {
    const { mask } = maskWith({ content: () => 'content', identifiers: ({ data }) => `${data}!` });
    const inherited = { userId: 'u', tags: ['a', 'b'], metadata: { m: 'x' }, name: 'n', public: true };
    const told = mask.apply({ observation: observation(), inherited });
    expect(told).toMatchObject({
      inherited: { userId: 'u!', tags: ['a!', 'b!'], metadata: { m: 'content' }, name: 'n!', public: true },
    });
  });

  it('knows the span it is asked about', () => {
    const seen: MaskParams[] = [];
    masked((params) => seen.push(params), { input: 'x', id: '00000000000000aa', traceId: 'b'.repeat(32) });
    expect(seen).toContainEqual({ data: 'x', key: 'input', spanId: '00000000000000aa', traceId: 'b'.repeat(32) });
  });

  it('that changes nothing changes nothing', () => {
    const memory = (): TraceMemory => new TraceMemory();
    const given = observation({ ...FULL, metadata: { b: { c: [true, 0.5, 'x'] } } });
    const after = masked(
      ({ data }) => data,
      given,
      ({ data }) => data,
    );
    expect(toRecord(after, memory().update(after))).toEqual(toRecord(given, memory().update(given)));
  });

  it('works on a copy: neither what the application holds nor what others were given changes', () => {
    const metadata = { deep: { list: ['SECRET'] } };
    const attributes = { a: 'SECRET' };
    const trace = { tags: ['SECRET'], metadata: { m: 'SECRET' } };
    const events = [{ name: 'SECRET', time: [1, 0] as const, attributes: { a: 'SECRET' } }];
    const given = observation({ metadata, attributes, trace, events });
    const before = structuredClone(given);
    masked(
      () => '***',
      given,
      () => '***',
    );
    expect(given).toEqual(before);
  });

  it('keeps a structure a structure, a number a number, and leaves out what it has no answer for', () => {
    const hide: MaskFunction = ({ data, key }) => (key.endsWith('gone') ? undefined : data.replace('SECRET', '***'));
    const after = masked(hide, {
      metadata: { text: 'a SECRET', deep: { key: ['SECRET'] }, number: 42, gone: 'x', broken: ['SECRET"'] },
      modelParameters: { temperature: 0.5, gone: 'x' },
    });
    expect(after.metadata).toEqual({ text: 'a ***', deep: { key: ['***'] }, number: 42, broken: ['***"'] });
    expect(after.modelParameters).toEqual({ temperature: 0.5 });
  });

  it.each<[string, (data: string) => unknown, unknown]>([
    ['a structure', () => ({ a: 1 }), { a: 1 }],
    ['a BigInt', () => 12n, '12'],
    ['bytes', () => new Uint8Array([1, 2]), 'AQI='],
    ['NaN', () => Number.NaN, 'NaN'],
    ['null', () => null, null],
    ['a text that is no JSON any more', (data) => data.slice(1), '"a":["x"]}'],
  ])('may answer with %s', (_what, answer, expected) => {
    expect(masked(({ data }) => answer(data), { metadata: { deep: { a: ['x'] } } }).metadata['deep']).toEqual(expected);
  });

  it('may answer with a circle', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(masked(() => circle, { metadata: { a: 'x' } }).metadata['a']).toEqual({ self: '[circular]' });
  });

  it('that fails at one place costs that place', () => {
    const { apply, failed } = maskWith({
      content: ({ data, key }) => {
        if (key === 'metadata.b') throw new Error('no');
        return data;
      },
    });
    const after = atOnce(apply({ input: 'x', metadata: { a: 'x', b: 'x' } }));
    expect(after).toMatchObject({ input: 'x', metadata: { a: 'x', b: '[withheld: the mask failed]' } });
    expect(failed).toEqual([{ failure: 'failed', key: 'metadata.b' }]);
  });

  it('leaves no identifier behind when it fails, and a name that says so', () => {
    const after = masked(
      ({ data }) => data,
      FULL,
      () => {
        throw new Error('no');
      },
    );
    const { name, model, trace, scope } = after;
    const { environment, changed } = record({ environment: after.environment });
    expect({ name, model, environment, changed, scopeName: scope.name }).toEqual({
      name: '[withheld: the mask failed]',
      model: undefined,
      environment: '"default"',
      changed: ['environment'],
      scopeName: '[withheld: the mask failed]',
    });
    expect(trace).toMatchObject({ name: undefined, userId: undefined, sessionId: undefined, tags: [] });
  });

  it('that changes nothing leaves an environment to be mended like any other', () => {
    const unchanged: MaskFunction = ({ data }) => data;
    const { environment, changed } = record(masked(unchanged, { environment: 'Production' }, unchanged));
    expect({ environment, changed }).toEqual({ environment: '"production"', changed: ['environment'] });
  });

  it('is asked once about a resource and a scope, which are the same for all spans', () => {
    let count = 0;
    const { apply } = maskWith({
      content: ({ data, key }) => {
        if (key.startsWith('metadata.resource') || key.startsWith('metadata.scope')) count++;
        return data;
      },
    });
    const { resource, scope } = FULL;
    const results = [1, 2, 3].map(() => atOnce(apply({ ...(resource && { resource }), ...(scope && { scope }) })));
    expect(count).toBe(2);
    expect(new Set(results.map((one) => one.resource)).size).toBe(1);
  });

  it('runs outside of what it is called in, with tracing switched off: its own requests make no spans', () => {
    const manager = new AsyncLocalStorageContextManager().enable();
    context.setGlobalContextManager(manager);
    onTestFinished(() => context.disable());
    const suppressed = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');
    const seen: unknown[] = [];
    masked(() => seen.push(context.active().getValue(suppressed)), { input: 'x' });
    expect(seen[0]).toBe(true);
    expect(context.active().getValue(suppressed)).toBeUndefined();
  });

  it('hides a text wherever it stands in whatever is said', () => {
    const hidden = 'SECRET';
    const withSecret = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constant(hidden),
        fc.string().map((text) => text + hidden),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(fc.string(), fc.constant(hidden)), tie('node'), { maxKeys: 3 }),
        fc.anything({ withBigInt: true, withDate: true, withTypedArray: true, withMap: true, withSet: true }),
      ),
    })).node;
    fc.assert(
      fc.property(withSecret, withSecret, fc.dictionary(fc.string(), withSecret), (input, attribute, metadata) => {
        const given = observation({
          input,
          output: input,
          attributes: { attribute },
          metadata,
          trace: { output: attribute },
        });
        const hide: MaskFunction = ({ data }) => data.replaceAll(hidden, '***');
        const after = masked(hide, given);
        const record = toRecord(after, new TraceMemory().update(after));
        expect(JSON.stringify(record)).not.toContain(hidden);
      }),
    );
  });
});
