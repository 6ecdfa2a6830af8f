import { describe, expect, it } from 'vitest';
import { type EventRow, toEventRows } from '../../support/local-langfuse/otlp/index.js';
import { type OtlpAttributes, otlpExport } from '../../support/otlp-export.js';

// What 4.16.0 showed of such spans, in its write modes events_only and dual.

function rowOf(attributes: OtlpAttributes, resource: OtlpAttributes = {}): EventRow | undefined {
  return toEventRows(otlpExport({ attributes, resource }))[0];
}

const GENERATION = { 'langfuse.observation.type': 'generation', 'langfuse.observation.model.name': 'gpt-4o' };

describe('a row of v4', () => {
  it('takes every field from langfuse attributes', () => {
    const attributes = {
      ...GENERATION,
      'langfuse.observation.model.parameters': '{"temperature":0.2,"stop":["a"]}',
      'langfuse.observation.usage_details': '{"input":6,"input_cached_tokens":4,"output":5,"total":15}',
      'langfuse.observation.cost_details': '{"total":0.01}',
      'langfuse.observation.input': '[{"role":"user","content":"hi"}]',
      'langfuse.observation.output': '{"role":"assistant","content":"hello"}',
      'langfuse.observation.level': 'WARNING',
      'langfuse.observation.status_message': 'careful',
      'langfuse.observation.completion_start_time': '2026-11-23T08:00:00.080Z',
      'langfuse.observation.metadata.plan': '{"a":[1,2]}',
      'langfuse.observation.metadata.note': 'text',
      'langfuse.observation.prompt.name': 'p',
      'langfuse.observation.prompt.version': 3,
      'langfuse.trace.name': 'the trace',
      'langfuse.trace.tags': ['x', 'y'],
      'langfuse.trace.metadata.customer': 'acme',
      'langfuse.trace.public': true,
      'langfuse.environment': 'prod',
      'langfuse.release': 'r9',
      'langfuse.version': 'v9',
      'user.id': 'u9',
      'session.id': 's9',
    };

    expect(rowOf(attributes, { 'service.version': '1.2.3' })).toEqual({
      traceId: '83d71a89db8a92d2504f210fc5f3733d',
      spanId: '75b898347817a46b',
      parentSpanId: null,
      name: 'work',
      type: 'GENERATION',
      environment: 'prod',
      version: 'v9',
      release: 'r9',
      startTime: '2026-11-23T08:00:00.000Z',
      endTime: '2026-11-23T08:00:00.250Z',
      level: 'WARNING',
      statusMessage: 'careful',
      promptName: 'p',
      promptVersion: 3,
      modelParameters: { temperature: 0.2, stop: '["a"]' },
      model: 'gpt-4o',
      completionStartTime: '2026-11-23T08:00:00.080Z',
      usageDetails: { input: 6, input_cached_tokens: 4, output: 5, total: 15 },
      costDetails: { total: 0.01 },
      tags: ['x', 'y'],
      public: true,
      isAppRoot: false,
      traceName: 'the trace',
      userId: 'u9',
      sessionId: 's9',
      input: '[{"role":"user","content":"hi"}]',
      output: '{"role":"assistant","content":"hello"}',
      metadata: expect.objectContaining({
        customer: 'acme',
        note: 'text',
        plan: '{"a":[1,2]}',
        'scope.name': 'test-scope',
        'resourceAttributes.service.version': '1.2.3',
        'attributes.langfuse.trace.tags': '["x","y"]',
        'attributes.langfuse.trace.public': 'true',
      }),
    });
  });

  it('knows nothing of its trace without attributes of its own', () => {
    const root = { attributes: { 'langfuse.trace.name': 'named', 'user.id': 'u', 'langfuse.trace.input': 'lost' } };
    const child = { span: { spanId: '7357d4858e67c41e', parentSpanId: '75b898347817a46b' } };
    const [first, second] = toEventRows(otlpExport(root, child));

    expect(first).toMatchObject({ traceName: 'named', userId: 'u', input: null });
    expect(second).toMatchObject({ traceName: null, userId: null, sessionId: null, tags: [], public: false });
    expect(second).toMatchObject({ type: 'SPAN', usageDetails: {}, costDetails: {}, model: null, input: null });
  });

  it('is an application root when it says so', () => {
    expect(rowOf({ 'langfuse.internal.is_app_root': true })?.isAppRoot).toBe(true);
  });

  it('lets metadata of the user replace the blocks of the server', () => {
    const metadata = rowOf({
      'langfuse.observation.metadata.attributes': '{"gen_ai.system":"openai"}',
      'langfuse.observation.metadata.scope': '{"name":"orig"}',
      'langfuse.observation.metadata.resourceAttributes': '{"service.name":"orig"}',
    })?.metadata;

    expect(metadata).toEqual({
      attributes: '{"gen_ai.system":"openai"}',
      scope: '{"name":"orig"}',
      resourceAttributes: '{"service.name":"orig"}',
    });
  });

  it.each([
    [{ 'langfuse.observation.metadata': '{"a":{"b":[1,{"c":2}]}}' }, { 'a.b': '[1,{"c":2}]' }],
    [{ 'langfuse.observation.metadata': '[1,2]' }, { '0': '1', '1': '2' }],
    [{ 'langfuse.observation.metadata': 'hello' }, {}],
    [{ 'langfuse.observation.metadata.': 'x' }, {}],
    [{ 'langfuse.observation.metadata.__proto__': '{"polluted":true}' }, {}],
    [
      { 'langfuse.observation.metadata.a.b': 'y', 'langfuse.observation.metadata.a.b.c': 'x' },
      { 'a.b': 'y', 'a.b.c': 'x' },
    ],
  ])('keeps metadata %o as paths to texts', (attributes, metadata) => {
    expect(rowOf(attributes)?.metadata).toEqual({ ...metadata, 'scope.name': 'test-scope' });
  });

  it.each([
    ['{"input":"12","output":"x"}', { input: 12, total: 12 }],
    ['{"input":1.5,"output":2}', { output: 2, total: 2 }],
    ['{"input":null,"output":2}', { output: 2, total: 2 }],
    ['{"input":3,"d":{"a":1}}', { input: 3, total: 3 }],
    ['{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}', { input: 10, output: 5, total: 15 }],
    ['[1,2]', {}],
    ['{"input":', {}],
  ])('reads usage %s', (usage, expected) => {
    expect(rowOf({ ...GENERATION, 'langfuse.observation.usage_details': usage })?.usageDetails).toEqual(expected);
  });

  it.each([
    ['{"total":"0.5"}', { total: 0 }],
    ['{"total":-0.5}', { total: -0.5 }],
    ['{"input":0.1,"output":0.2}', { input: 0.1, output: 0.2 }],
  ])('reads cost %s', (cost, expected) => {
    expect(rowOf({ ...GENERATION, 'langfuse.observation.cost_details': cost })?.costDetails).toEqual(expected);
  });

  it.each([
    ['latest', null],
    ['7', 7],
    [70_000, null],
    [-1, null],
    [1.5, 1],
  ])('reads prompt version %s', (version, expected) => {
    const prompt = { 'langfuse.observation.prompt.name': 'p', 'langfuse.observation.prompt.version': version };

    expect(rowOf({ ...GENERATION, ...prompt })).toMatchObject({ promptName: 'p', promptVersion: expected });
  });

  it.each([
    ['soon', null],
    ['"2026-11-23T08:00:00.040Z"', '2026-11-23T08:00:00.040Z'],
    [1_763_884_800_000, '2025-11-23T08:00:00.000Z'],
  ])('reads completion start %s', (time, expected) => {
    const row = rowOf({ ...GENERATION, 'langfuse.observation.completion_start_time': time });

    expect(row?.completionStartTime).toBe(expected);
  });

  it.each([
    ['{"a":', {}],
    ['[1]', { '0': 1 }],
    ['{"a":{"b":1},"l":[1,2],"n":null,"t":true}', { a: '{"b":1}', l: '[1,2]', n: 'null', t: 'true' }],
  ])('reads model parameters %s', (parameters, expected) => {
    expect(rowOf({ ...GENERATION, 'langfuse.observation.model.parameters': parameters })?.modelParameters).toEqual(
      expected,
    );
  });

  it.each([
    [{ 'langfuse.observation.level': 'INFO' }, { level: 'DEFAULT' }],
    [{ 'langfuse.observation.level': 'WARN' }, { level: 'WARNING' }],
    [{ 'langfuse.observation.level': 'error' }, { level: 'ERROR' }],
    [{ 'langfuse.observation.level': 'FATAL' }, { level: 'ERROR' }],
    [{ 'langfuse.observation.level': 'bogus' }, { level: 'DEFAULT' }],
    [{ 'langfuse.environment': 'Prod EU!' }, { environment: 'default' }],
    [{ 'langfuse.environment': 'langfuse-x' }, { environment: 'x' }],
    [{ 'langfuse.trace.tags': 'one' }, { tags: ['one'] }],
    [{ 'langfuse.trace.tags': 'one, two' }, { tags: ['one', 'two'] }],
    [{ 'langfuse.trace.tags': '["one","two"]' }, { tags: ['one', 'two'] }],
    [{ 'langfuse.trace.public': 'true' }, { public: true }],
    [
      { 'user.id': 5, 'session.id': 6 },
      { userId: '5', sessionId: '6' },
    ],
    [
      { 'langfuse.version': 5, 'langfuse.release': 1.5 },
      { version: '5', release: '1.5' },
    ],
    [
      { 'langfuse.observation.type': 'agent', 'langfuse.observation.model.name': 'm' },
      { type: 'AGENT', model: 'm' },
    ],
    [{ 'langfuse.observation.type': 'Generation', 'langfuse.observation.model.name': 'm' }, { type: 'GENERATION' }],
    [{ 'langfuse.observation.input': 5 }, { input: '5' }],
    [{ 'langfuse.observation.input': false }, { input: 'false' }],
    [{ 'langfuse.observation.input': '', 'input.value': 'blocked' }, { input: null }],
    [{ 'gen_ai.prompt.1.content': 'x' }, { input: '[null,{"content":"x"}]', output: '{}' }],
    [{ 'llm.input_messages.1000000000.message.role': 'user' }, { input: '{}', output: '{}' }],
  ])('reads %o', (attributes, expected) => {
    expect(rowOf(attributes)).toMatchObject(expected);
  });
});
