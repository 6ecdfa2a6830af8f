import { describe, expect, it } from 'vitest';
import { explain, isValidationError, type SpanLike, translateSpans } from '../../../src/index.js';
import { corpusSpans } from '../../support/corpus-spans.js';
import { spanLike } from '../../support/spans.js';

const CHAT = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-5' };

describe('explain, of the filter', () => {
  it.each<[string, Partial<SpanLike>, object]>([
    ['an attribute that only such spans have', { attributes: CHAT }, { exported: true, rule: 'gen_ai.operation.name' }],
    ['its scope', { instrumentationScope: { name: 'ai' } }, { exported: true, rule: 'ai' }],
    ['no rule', { attributes: { 'http.method': 'GET' } }, { exported: false, rule: 'no rule' }],
    ['the sampler', { ...unsampled(), attributes: CHAT }, { exported: false, rule: 'unsampled' }],
  ])('says that %s decided', (_, over, expected) => {
    expect(explain(spanLike(over))).toMatchObject(expected);
  });

  it('asks the rules it is given', () => {
    const span = spanLike({ name: 'healthcheck', attributes: CHAT });
    const by = (shouldExportSpan: NonNullable<Parameters<typeof explain>[1]>['shouldExportSpan']) => {
      const { exported, rule } = explain(span, { shouldExportSpan });
      return [exported, rule];
    };
    expect(by({ exclude: { name: 'healthcheck' } })).toEqual([false, 'exclude']);
    expect(by(() => false)).toEqual([false, 'shouldExportSpan']);
    expect(explain(spanLike(), { shouldExportSpan: { include: 'test-scope' } })).toMatchObject({ rule: 'include' });
  });

  it('refuses rules that the processor would refuse', () => {
    const wrong = { shouldExportSpan: { inclde: 'x' } as never };
    expect(() => explain(spanLike(), wrong)).toThrow(expect.toSatisfy(isValidationError));
  });
});

describe('explain, of the fields', () => {
  it('names the attribute that won where several say it', () => {
    const attributes = { ...CHAT, 'gen_ai.response.model': 'gpt-5', 'ai.model.id': 'gpt-5', 'ai.operationId': 'ai.x' };
    expect(explain(spanLike({ attributes })).fields['model']).toEqual(['gen_ai.response.model']);
  });

  it('names all attributes of which each is enough', () => {
    expect(explain(spanLike({ attributes: CHAT })).fields['type']).toEqual(Object.keys(CHAT));
  });

  it('names all parts of a field that is put together', () => {
    const attributes = {
      'langfuse.observation.input': 'q',
      'gen_ai.usage.input_tokens': 5,
      'gen_ai.usage.cache_read.input_tokens': 3,
      'langfuse.trace.tags': ['a'],
      'langfuse.observation.metadata.step': 1,
    };
    expect(explain(spanLike({ attributes })).fields).toMatchObject({
      input: ['langfuse.observation.input'],
      usage: ['gen_ai.usage.input_tokens', 'gen_ai.usage.cache_read.input_tokens'],
      'trace.tags': ['langfuse.trace.tags'],
      'metadata.step': ['langfuse.observation.metadata.step'],
    });
  });

  it('knows what does not come from attributes', () => {
    const span = spanLike({
      attributes: CHAT,
      status: { code: 2, message: 'quota' },
      events: [{ name: 'gen_ai.user.message', time: [1_790_000_000, 0], attributes: { content: 'hi' } }],
      resource: { attributes: { 'service.version': '1.2.3' } },
    });
    expect(explain(span, { release: 'r1' }).fields).toMatchObject({
      name: ['span:name'],
      level: ['span:status'],
      statusMessage: ['span:status'],
      input: expect.arrayContaining(['event:gen_ai.user.message']),
      version: ['resource:service.version'],
      release: ['option:release'],
      environment: [],
    });
  });

  it('lists attributes that became nothing', () => {
    const attributes = { ...CHAT, 'server.port': 443, 'langfuse.observation.level': 'LOUD' };
    expect(explain(spanLike({ attributes })).ignored).toEqual(['server.port', 'langfuse.observation.level']);
  });

  it('says what would be cut', () => {
    const long = 'x'.repeat(5_000);
    const span = spanLike({
      attributes: { 'langfuse.observation.input': 'short', 'langfuse.observation.output': long },
    });
    expect(explain(span, { maxEventBytes: 4_000 }).truncated).toEqual(['output']);
    expect(explain(span).truncated).toEqual([]);
  });

  it('lists the conventions of which something is on the span, in order of precedence', () => {
    const attributes = { 'openinference.span.kind': 'LLM', 'input.value': 'q', ...CHAT, 'langfuse.release': '1' };
    expect(explain(spanLike({ attributes })).conventions).toEqual(['langfuse', 'gen-ai', 'openinference']);
  });
});

describe('explain, of recorded spans', () => {
  // Two translations for each attribute: every seventh of the recorded spans is enough.
  const SPANS = corpusSpans().filter((_, place) => place % 7 === 0);

  it('knows exactly the fields that the translation gives them', () => {
    for (const span of SPANS) {
      const { fields } = explain(span);
      const body = translateSpans([span]).at(-1)?.body ?? {};
      for (const [field, inBody] of BODY_FIELDS) {
        const isExplained = field in fields;
        expect([span.name, field, isExplained]).toEqual([span.name, field, body[inBody] !== undefined]);
      }
    }
  });

  it('has a source for all content, names no attribute that is not there, and forgets none', () => {
    for (const span of SPANS) {
      const { fields, ignored } = explain(span);
      for (const field of ['input', 'output', 'model', 'usage', 'cost', 'trace.userId', 'trace.sessionId'])
        if (field in fields) expect([span.name, field, fields[field]?.length]).not.toContain(0);
      const keys = Object.keys(span.attributes);
      const named = new Set(Object.values(fields).flat());
      for (const name of named) if (!/^(event|resource|span|scope|option):/.test(name)) expect(keys).toContain(name);
      expect([...named, ...ignored]).toEqual(expect.arrayContaining(keys));
    }
  });
});

const BODY_FIELDS = [
  ['input', 'input'],
  ['output', 'output'],
  ['statusMessage', 'statusMessage'],
  ['version', 'version'],
] as const;

it('explain leaves the span as it is', () => {
  const span = deepFrozen({ ...spanLike({ attributes: { ...CHAT, 'app.nested': { list: [1] } } }) });
  expect(explain(span)).toEqual(explain(span));
});

function deepFrozen<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) deepFrozen(inner);
  return Object.freeze(value);
}

function unsampled(): Partial<SpanLike> {
  return {
    spanContext: () => ({ traceId: '0'.repeat(31).concat('1'), spanId: '0'.repeat(15).concat('1'), traceFlags: 0 }),
  };
}

describe('explain, of a mask', () => {
  it('names what the mask changes, and nothing else', () => {
    const attributes = {
      ...CHAT,
      'gen_ai.input.messages': '[{"role":"user","content":"my secret"}]',
      'app.note': 'secret',
    };
    const mask = ({ data }: { readonly data: string }): string => data.replace('secret', '***');
    expect(explain(spanLike({ attributes }), { mask }).masked).toEqual(['input', 'metadata.attributes.app.note']);
    expect(explain(spanLike({ attributes })).masked).toEqual([]);
  });
});
