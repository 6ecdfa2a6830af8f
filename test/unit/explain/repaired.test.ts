import { describe, expect, it } from 'vitest';
import { explain, translateSpans } from '../../../src/index.js';
import { spanLike } from '../../support/spans.js';

const CHAT = { 'gen_ai.operation.name': 'chat' };
const USAGE = 'langfuse.observation.usage_details';
const COST = 'langfuse.observation.cost_details';
const PROMPT = { 'langfuse.observation.prompt.name': 'greeting' };
const VERSION = 'langfuse.observation.prompt.version';

function repairsOf(attributes: object): readonly string[] {
  return explain(spanLike({ attributes: { ...CHAT, ...attributes } })).repaired;
}

function isMarked(attributes: object, kind: string): boolean {
  const events = translateSpans([spanLike({ attributes: { ...CHAT, ...attributes } })]);
  return events.some(({ body }) => JSON.stringify(body['metadata']).includes(`"repaired":["${kind}"]`));
}

describe('a number that no server keeps', () => {
  it.each<[string, object]>([
    ['a count that is too large', { 'gen_ai.usage.input_tokens': 1e25, 'gen_ai.usage.output_tokens': 2 }],
    ['a count below zero', { 'gen_ai.usage.input_tokens': -4, 'gen_ai.usage.output_tokens': 2 }],
    [
      'a count below zero, of one that is stated twice',
      { 'ai.usage.promptTokens': -4, 'gen_ai.usage.input_tokens': 4 },
    ],
    ['nothing but a count below zero', { 'gen_ai.usage.input_tokens': -4 }],
    ['counts whose sum is too large', { 'gen_ai.usage.input_tokens': 2 ** 53 - 1, 'gen_ai.usage.output_tokens': 9 }],
    ['a count for Langfuse that is too large', { [USAGE]: '{"input":1e25,"output":2}' }],
    ['a count for Langfuse below zero', { [USAGE]: { input: -1, output: 2 } }],
    ['a count of nothing', { [USAGE]: { '': 1, output: 2 } }],
    ['usage of a provider below zero', { [USAGE]: { prompt_tokens: 1, completion_tokens: 2, cached_tokens: -1 } }],
    ['a cost that is too large', { 'gen_ai.usage.cost': 1e15 }],
    ['a cost below zero', { 'gen_ai.usage.cost': -1 }],
    ['a cost for Langfuse that is too large', { [COST]: '{"total":1e15}' }],
    ['half a prompt version', { ...PROMPT, [VERSION]: 1.5 }],
    ['a prompt version that is too large', { ...PROMPT, [VERSION]: 70_000 }],
  ])('is told of, and marked: %s', (_, attributes) => {
    expect(repairsOf(attributes)).toEqual(['number']);
    expect(isMarked(attributes, 'number')).toBe(true);
  });

  it.each<[string, object]>([
    ['NaN', { 'gen_ai.usage.input_tokens': Number.NaN, 'gen_ai.usage.output_tokens': 2 }],
    ['a text that is no number', { [USAGE]: { input: 'undefined', output: 2 }, 'gen_ai.usage.cost': '' }],
    ['a fraction, which is rounded', { 'gen_ai.usage.input_tokens': 1.5, 'gen_ai.usage.output_tokens': 2 }],
    ['a prompt without a version', PROMPT],
    ['the prompt of a span that is no generation', { 'langfuse.observation.type': 'span', ...PROMPT, [VERSION]: 1.5 }],
    ['usage that other usage stands for', { [USAGE]: { input: 1 }, 'gen_ai.usage.input_tokens': -4 }],
  ])('is not %s', (_, attributes) => {
    expect(repairsOf(attributes)).toEqual([]);
  });
});

/** An object that has the key itself: only JSON makes such ones. */
function withForbidden(key: string, value: string = '1'): object {
  return JSON.parse(`{${JSON.stringify(key)}:${value}}`) as object;
}

/** Attributes are handed on as they are: a spread keeps such a key. */
describe('a key that servers refuse', () => {
  it.each<[string, object]>([
    ['an attribute', withForbidden('__proto__')],
    ['an attribute beside details of the operation', withForbidden('__proto__')],
    ['metadata', { 'langfuse.observation.metadata.__proto__': 1 }],
    ['metadata in an object', { 'langfuse.observation.metadata': '{"__proto__":1}' }],
    ['metadata of a library', { 'ai.telemetry.metadata.__proto__': 1 }],
    ['metadata of the trace', { 'langfuse.trace.metadata.__proto__': 1 }],
    ['metadata, deeper', { 'langfuse.observation.metadata.a': withForbidden('__proto__') }],
    ['a parameter', { 'langfuse.observation.model.parameters': '{"__proto__":1,"top_k":1}' }],
    ['a parameter that is an object', { 'langfuse.observation.model.parameters': '{"__proto__":{"top_k":1}}' }],
    ['a parameter of a library', { 'llm.invocation_parameters': '{"__proto__":{"top_k":1}}' }],
    ['a parameter in a key', { 'gen_ai.request.__proto__': 1 }],
    ['a count', { [USAGE]: '{"__proto__":1,"input":2}' }],
    ['a cost', { [COST]: '{"__proto__":1,"input":2}' }],
    ['a part of an experiment', { 'langfuse.experiment.__proto__': 'x' }],
  ])('is told of, and marked: as %s', (where, attributes) => {
    const details = { name: 'gen_ai.client.inference.operation.details', attributes: { 'gen_ai.x': 1 } };
    const events = where.includes('details') ? [{ ...details, time: [1_790_000_000, 5] as [number, number] }] : [];
    const span = spanLike({ attributes: { ...CHAT, ...attributes }, events });
    const sent = translateSpans([span]);
    expect(explain(span).repaired).toEqual(['key']);
    expect(JSON.stringify(sent)).toContain('"repaired":["key"]');
    const masked = JSON.stringify(translateSpans([span], { mask: ({ data }) => data }));
    if (where !== 'metadata, deeper') expect(masked).toContain('"repaired":["key"]');
  });

  it('takes nothing else along', () => {
    const parameters = { 'langfuse.observation.model.parameters': '{"__proto__":{"top_k":1},"seed":2}' };
    const sent = translateSpans([spanLike({ attributes: { ...CHAT, ...parameters } })]);
    expect(sent.flatMap(({ body }) => body['modelParameters'] ?? [])).toEqual([{ seed: 2 }]);
  });

  it('is none that objects only inherit', () => {
    const sent = translateSpans([spanLike({ attributes: { ...CHAT, 'ai.telemetry.metadata.constructor': 'me' } })]);
    expect(JSON.stringify(sent)).toContain('"constructor":"me"');
  });
});
