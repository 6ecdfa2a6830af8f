import { describe, expect, it } from 'vitest';
import { type SpanLike, type TranslateSpansOptions, translateSpans } from '../../../src/index.js';
import { CountedCalls } from '../../../src/translate/counted-calls.js';
import { observation, spanId } from '../../support/observations.js';
import { spanLike } from '../../support/spans.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const TOKENS = { 'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.output_tokens': 5 };
const USAGE = { input: 10, output: 5, total: 15 };

/** A span of an instrumentation; children are given before their parent, as they end. */
function span(n: number, parent: number | undefined, attributes: object, scope = 'test-scope'): SpanLike {
  const parentSpanContext =
    parent === undefined ? undefined : { traceId: TRACE, spanId: spanId(parent), traceFlags: 1 };
  return spanLike({ id: spanId(n), parentSpanContext, attributes, instrumentationScope: { name: scope } });
}

const chat = (more: object = {}) => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'gpt-4o',
  ...TOKENS,
  ...more,
});
const agent = (more: object = {}) => ({ ...chat(), 'gen_ai.operation.name': 'invoke_agent', ...more });
const tool = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search' };
const embedding = { 'gen_ai.operation.name': 'embeddings', 'gen_ai.request.model': 'embedder' };
const withoutTokens = { 'gen_ai.usage.input_tokens': undefined, 'gen_ai.usage.output_tokens': undefined };

interface Shown {
  readonly type: string;
  readonly model?: string;
  readonly usage?: object;
  readonly notCounted?: unknown;
}

/** What each span of a trace shows, by its number. */
function shown(spans: readonly SpanLike[], options?: TranslateSpansOptions): { [n: string]: Shown } {
  const observations = translateSpans(spans, options).filter(({ type }) => type !== 'trace-create');
  return Object.fromEntries(
    observations.map(({ type, body }) => [
      Number.parseInt(String(body['id']), 16),
      {
        type: type.replace('-create', ''),
        ...(body['model'] === undefined ? {} : { model: String(body['model']) }),
        ...(body['usageDetails'] === undefined ? {} : { usage: body['usageDetails'] as object }),
        ...notCountedIn(body['metadata']),
      },
    ]),
  );
}

function notCountedIn(metadata: unknown): { readonly notCounted?: unknown } {
  const notCounted = (metadata as { readonly usage_not_counted?: unknown }).usage_not_counted;
  return notCounted === undefined ? {} : { notCounted };
}

const COUNTED: Shown = { type: 'generation', model: 'gpt-4o', usage: USAGE };
const NOT_COUNTED = { model: 'gpt-4o', usageDetails: USAGE };

describe('a model call in which another one is made', () => {
  const guarded = (model: string, tokens: number) => [
    span(2, 1, chat({ 'gen_ai.request.model': model })),
    span(1, undefined, chat({ 'gen_ai.usage.input_tokens': tokens })),
  ];

  it('counts as well when that is another model and took less: it is a call of its own', () => {
    expect(shown(guarded('guard-mini', 500))).toEqual({
      1: { type: 'generation', model: 'gpt-4o', usage: { input: 500, output: 5, total: 505 } },
      2: { type: 'generation', model: 'guard-mini', usage: USAGE },
    });
  });

  it.each(['gpt-4o', 'gpt-4o-2024-08-06', 'openai/gpt-4o'])('repeats that when it is the same model (%s)', (model) => {
    expect(shown(guarded(model, 500))[1]).toMatchObject({ type: 'generation', notCounted: { model: 'gpt-4o' } });
  });

  it('repeats that when it took no more: a router that says its own name', () => {
    expect(shown(guarded('some-model', 10))[1]).toMatchObject({ type: 'generation', notCounted: { model: 'gpt-4o' } });
  });
});

describe('a span around model calls', () => {
  it('leaves what the call took to the call, several levels below, and shows what it did not count', () => {
    const step = { 'gen_ai.operation.name': 'agent_step' };
    expect(shown([span(3, 2, chat()), span(2, 1, step), span(1, undefined, agent())])).toEqual({
      3: COUNTED,
      2: { type: 'span' },
      1: { type: 'agent', notCounted: NOT_COUNTED },
    });
  });

  it('keeps model and usage when no call below it was recorded', () => {
    expect(shown([span(2, 1, tool), span(1, undefined, agent())])[1]).toEqual({ ...COUNTED, type: 'agent' });
  });

  it('keeps them when the call below did not say what it took', () => {
    const [call, caller] = [span(2, 1, chat(withoutTokens)), span(1, undefined, agent())];
    expect(shown([call, caller])[1]).toEqual({ ...COUNTED, type: 'agent' });
  });

  it('keeps its own when those below were taken by another agent, within a tool', () => {
    const spans = [span(4, 3, chat()), span(3, 2, agent()), span(2, 1, tool), span(1, undefined, agent())];
    expect(shown(spans)).toMatchObject({
      4: COUNTED,
      3: { notCounted: NOT_COUNTED },
      1: { ...COUNTED, type: 'agent' },
    });
  });

  it('keeps its own when those below were embeddings only', () => {
    const search = span(2, 1, { ...embedding, 'gen_ai.usage.input_tokens': 19 });
    expect(shown([search, span(1, undefined, agent())])).toMatchObject({
      2: { type: 'embedding', usage: { input: 19, total: 19 } },
      1: { ...COUNTED, type: 'agent' },
    });
  });

  it('of embeddings leaves their tokens to the inner span, and the model too: the server would count its texts', () => {
    const inner = span(2, 1, { ...embedding, 'gen_ai.usage.input_tokens': 19 });
    expect(shown([inner, span(1, undefined, embedding)])[1]).toEqual({ type: 'embedding' });
  });

  it('has no model either when the call below failed', () => {
    const spans = [span(2, 1, chat(withoutTokens)), span(1, undefined, agent(withoutTokens))];
    expect(shown(spans)).toEqual({ 2: { type: 'generation', model: 'gpt-4o' }, 1: { type: 'agent' } });
  });

  it('counts once also where it calls itself a model call (TanStack)', () => {
    const doubled = chat({ 'gen_ai.usage.input_tokens': 20, 'gen_ai.usage.output_tokens': 10 });
    const usage = shown([span(3, 1, chat()), span(2, 1, chat()), span(1, undefined, doubled)]);
    expect(usage).toMatchObject({ 3: COUNTED, 2: COUNTED, 1: { notCounted: { usageDetails: { total: 30 } } } });
    expect(usage[1]).not.toHaveProperty('usage');
  });

  it('of the AI SDK is a plain span above a recorded call, and a generation without one', () => {
    const outer = { 'ai.operationId': 'ai.generateText', 'ai.model.id': 'gpt-4o', 'ai.usage.inputTokens': 10 };
    const inner = { ...outer, 'ai.operationId': 'ai.generateText.doGenerate' };
    expect(shown([span(2, 1, inner), span(1, undefined, outer)])[1]).toMatchObject({ type: 'span' });
    expect(shown([span(1, undefined, outer)])[1]).toMatchObject({ type: 'generation', usage: { input: 10 } });
  });

  it('keeps what was stated outright for Langfuse', () => {
    const stated = {
      ...agent(),
      'langfuse.observation.usage_details': '{"input":1,"output":1}',
      'langfuse.observation.model.name': 'own-model',
    };
    expect(shown([span(2, 1, chat()), span(1, undefined, stated)])[1]).toEqual({
      type: 'agent',
      model: 'own-model',
      usage: { input: 1, output: 1 },
    });
  });

  it('keeps everything with usageOnWrappers', () => {
    const spans = [span(2, 1, chat()), span(1, undefined, agent())];
    expect(shown(spans, { usageOnWrappers: true })).toEqual({ 2: COUNTED, 1: { ...COUNTED, type: 'agent' } });
  });

  it('is known whatever the order in which a batch is given', () => {
    const spans = [
      span(1, undefined, agent()),
      span(2, 1, { 'gen_ai.operation.name': 'agent_step' }),
      span(3, 2, chat()),
    ];
    expect(shown(spans)).toMatchObject({ 3: COUNTED, 1: { notCounted: NOT_COUNTED } });
    expect(translateSpans(spans).map(({ body }) => body['id'])).toEqual([
      expect.anything(),
      ...[1, 2, 3].map((n) => spanId(n)),
    ]);
  });

  it('is not mistaken for one of another trace', () => {
    const elsewhere = spanLike({ id: spanId(1), traceId: 'f'.repeat(32), attributes: agent() });
    expect(shown([span(2, 1, chat()), elsewhere])[1]).toEqual({ ...COUNTED, type: 'agent' });
  });
});

describe('a call that two instrumentations recorded', () => {
  const answered = chat({ 'gen_ai.response.id': 'chatcmpl-1' });

  it('counts once, with the one that ended first', () => {
    expect(shown([span(2, 1, answered, 'one'), span(3, 1, answered, 'another')])).toEqual({
      2: COUNTED,
      3: { type: 'generation', notCounted: NOT_COUNTED },
    });
  });

  it('is told by the id in a recorded answer as well', () => {
    const recorded = {
      'openinference.span.kind': 'LLM',
      'llm.model_name': 'gpt-4o',
      'output.value': JSON.stringify({ id: 'chatcmpl-1', usage: { prompt_tokens: 10, completion_tokens: 5 } }),
    };
    expect(shown([span(2, 1, answered, 'one'), span(3, 1, recorded, 'another')])[3]).not.toHaveProperty('usage');
  });

  it('is two calls when one instrumentation gives an id twice (a test double)', () => {
    expect(shown([span(2, 1, answered), span(3, 1, answered)])).toEqual({ 2: COUNTED, 3: COUNTED });
  });

  it('counts with the second when the first did not say what it took', () => {
    const silent = { ...answered, ...withoutTokens };
    expect(shown([span(2, 1, silent, 'one'), span(3, 1, answered, 'another')])[3]).toEqual(COUNTED);
  });
});

describe('the memory of counted calls', () => {
  const call = (n: number) =>
    observation({ id: spanId(n), parentId: spanId(100 + n), type: 'generation', usage: USAGE });
  const caller = (n: number) => observation({ id: spanId(100 + n), type: 'agent', usage: USAGE });

  it('is bounded: what was forgotten counts', () => {
    const calls = new CountedCalls({ capacity: 2 });
    for (const n of [1, 2, 3]) calls.settle(call(n));
    expect([1, 2, 3].map((n) => calls.settle(caller(n)).usage)).toEqual([USAGE, undefined, undefined]);
  });

  it('does not change the observation it is given', () => {
    const calls = new CountedCalls();
    calls.settle(call(1));
    const given = caller(1);
    expect(calls.settle(given)).not.toBe(given);
    expect(given).toEqual(caller(1));
  });
});
