import { type Attributes, createContextKey, ROOT_CONTEXT, type Span, SpanStatusCode } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { describe, expect, it } from 'vitest';
import type { LangfuseOptions, MaskFunction } from '../../src/index.js';
import { type Exporting, exporting } from '../support/exporting.js';
import { postsTo } from '../support/posts.js';

const LINKED = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };

/** The secret of a place: `secret(3)` is nowhere but there. */
const secret = (place: string): string => `SECRET-${place.replaceAll(/[^a-z]/gi, '-')}-END`;
const SECRETS = /SECRET-[A-Za-z-]+-END/g;
const hide: MaskFunction = ({ data }) => data.replaceAll(SECRETS, '***');

/** Every place where content can be, and how a secret gets there. */
const CONTENT: { readonly [place: string]: (span: Span, hidden: string) => void } = {
  input: (span, hidden) => span.setAttribute('langfuse.observation.input', `say ${hidden}`),
  'output in JSON text': (span, hidden) =>
    span.setAttribute('langfuse.observation.output', JSON.stringify([{ role: 'assistant', content: `"${hidden}"` }])),
  'status message': (span, hidden) => span.setStatus({ code: SpanStatusCode.ERROR, message: hidden }),
  'model parameters': (span, hidden) => span.setAttribute('gen_ai.request.stop_sequences', [hidden]),
  'prompt name': (span, hidden) =>
    span.setAttributes({ 'langfuse.observation.prompt.name': hidden, 'langfuse.observation.prompt.version': 1 }),
  'metadata object': (span, hidden) =>
    span.setAttribute('langfuse.observation.metadata', JSON.stringify({ deep: { er: hidden } })),
  'flattened metadata key': (span, hidden) => span.setAttribute('langfuse.observation.metadata.note', hidden),
  'flattened metadata list': (span, hidden) => span.setAttribute('langfuse.observation.metadata.list', ['x', hidden]),
  'source attribute': (span, hidden) => span.setAttribute('http.url', `https://host/?token=${hidden}`),
  'source attribute list': (span, hidden) => span.setAttribute('process.command_args', ['--key', hidden]),
  'nested source attribute': (span, hidden) => {
    const nested = { a: [{ b: hidden }] };
    (span as unknown as { readonly attributes: { [key: string]: unknown } }).attributes['app.nested'] = nested;
  },
  'tool definitions': (span, hidden) =>
    span.setAttribute(
      'gen_ai.tool.definitions',
      JSON.stringify([{ type: 'function', name: 'f', description: hidden }]),
    ),
  'event name': (span, hidden) => span.addEvent(hidden),
  'event attribute': (span, hidden) => span.addEvent('custom', { detail: hidden }),
  exception: (span, hidden) => span.recordException(new Error(hidden)),
  'link attribute': (span, hidden) => span.addLink({ context: LINKED, attributes: { reason: hidden } }),
  'trace input': (span, hidden) => span.setAttribute('langfuse.trace.input', hidden),
  'trace output': (span, hidden) => span.setAttribute('langfuse.trace.output', hidden),
  'trace metadata object': (span, hidden) =>
    span.setAttribute('langfuse.trace.metadata', JSON.stringify({ a: hidden })),
  'flattened trace metadata key': (span, hidden) => span.setAttribute('langfuse.trace.metadata.b', hidden),
};

/** The same for what spans are told apart and found by. */
const IDENTIFIERS: { readonly [place: string]: (span: Span, hidden: string) => void } = {
  name: (span, hidden) => span.updateName(hidden),
  user: (span, hidden) => span.setAttribute('user.id', hidden),
  session: (span, hidden) => span.setAttribute('session.id', hidden),
  tags: (span, hidden) => span.setAttribute('langfuse.trace.tags', ['x', hidden]),
  'trace name': (span, hidden) => span.setAttribute('langfuse.trace.name', hidden),
  model: (span, hidden) => span.setAttribute('gen_ai.request.model', hidden),
  version: (span, hidden) => span.setAttribute('langfuse.version', hidden),
  release: (span, hidden) => span.setAttribute('langfuse.release', hidden),
};

const AROUND = ['resource', 'scope', 'inherited metadata'];
const IDENTIFIERS_AROUND = ['scope version', 'inherited user'];

interface Sent extends Exporting {
  /** Everything that left, whatever the request. */
  readonly bytes: string;
}

/** One span with a secret in every place, sent. */
async function sendSecrets(profile: 'v3.225' | 'v4-events-only', options: LangfuseOptions): Promise<Sent> {
  const world = await exporting(profile, options);
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'test', 'app.key': secret('resource') }),
    spanProcessors: [world.processor],
  });
  const parent = ROOT_CONTEXT.setValue(createContextKey('langfuse_metadata'), { m: secret('inherited metadata') });
  const tracer = provider.getTracer('app', secret('scope version'));
  const span = tracer.startSpan(
    'call',
    { attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-5' } },
    parent.setValue(createContextKey('langfuse_user_id'), secret('inherited user')),
  );
  const { instrumentationScope } = span as unknown as { readonly instrumentationScope: { attributes?: Attributes } };
  instrumentationScope.attributes = { key: secret('scope') };
  for (const [place, plant] of Object.entries({ ...CONTENT, ...IDENTIFIERS })) {
    if (place !== 'user') plant(span, secret(place));
  }
  span.end();
  const other = tracer.startSpan('other', { attributes: { 'gen_ai.operation.name': 'chat' } });
  IDENTIFIERS['user']?.(other, secret('user'));
  other.end();
  expect(await world.processor.flush()).toMatchObject({ delivered: 2, dropped: 0 });
  return {
    ...world,
    bytes: postsTo(world.server)
      .map(({ text }) => text)
      .join('\n'),
  };
}

const placesIn = (bytes: string): string[] => [...new Set(bytes.match(SECRETS))].sort();
const allOf = (...places: readonly string[]): string[] => places.map(secret).sort();
const EVERY_IDENTIFIER = allOf(...Object.keys(IDENTIFIERS), ...IDENTIFIERS_AROUND);

describe.each(['v3.225', 'v4-events-only'] as const)('to %s', (profile) => {
  const everyContent = allOf(...Object.keys(CONTENT), ...AROUND);

  it('everything that a span says is sent when there is no mask: nothing below proves less than it seems', async () => {
    const { bytes } = await sendSecrets(profile, {});
    expect(placesIn(bytes)).toEqual([...everyContent, ...EVERY_IDENTIFIER].sort());
  });

  it('a function hides what it is to hide at every place content can be, and leaves identifiers alone', async () => {
    const { bytes, errors } = await sendSecrets(profile, { mask: hide });
    expect(placesIn(bytes)).toEqual(EVERY_IDENTIFIER);
    expect(errors).toEqual([]);
  });

  it('an object of two masks hides it everywhere', async () => {
    const { bytes } = await sendSecrets(profile, { mask: { content: hide, identifiers: hide } });
    expect(placesIn(bytes)).toEqual([]);
    expect(bytes).toContain('***');
  });

  it('a mask of identifiers alone hides them also where libraries repeat them, and leaves content alone', async () => {
    const { bytes } = await sendSecrets(profile, { mask: { identifiers: hide } });
    expect(placesIn(bytes)).toEqual(everyContent);
  });

  it('an asynchronous mask hides the same', async () => {
    const { bytes } = await sendSecrets(profile, {
      mask: {
        content: async (params) => hide(params),
        identifiers: (params) => new Promise((resolve) => setImmediate(() => resolve(hide(params)))),
      },
    });
    expect(placesIn(bytes)).toEqual([]);
  });

  it.each<[string, MaskFunction]>([
    [
      'throws',
      () => {
        throw new Error(secret('thrown'));
      },
    ],
    ['rejects', () => Promise.reject(new Error(secret('rejected')))],
    ['never answers', () => new Promise(() => {})],
    ['answers with a function', () => () => ''],
    [
      'answers with what cannot be read',
      () => ({
        get bad() {
          throw new Error(secret('getter'));
        },
      }),
    ],
  ])('a mask that %s withholds what it was asked about, and the spans arrive without it', async (_what, mask) => {
    const { bytes, server, errors } = await sendSecrets(profile, {
      mask: { content: mask, identifiers: mask, timeoutMs: 50 },
    });
    expect(placesIn(bytes)).toEqual([]);
    expect(server.observations()).toHaveLength(2);
    expect(server.observations().map(({ name }) => name)[0]).toMatch(/^\[withheld: the mask /);
    expect(errors.map(({ context }) => context.operation)).toEqual(['mask']);
    expect(JSON.stringify(errors.map(({ error }) => error))).not.toMatch(SECRETS);
  });
});
