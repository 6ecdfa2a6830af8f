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
