import { describe, expect, it } from 'vitest';
import { translateSpans } from '../../../src/index.js';
import { spanLike } from '../../support/spans.js';
import { OPENAI_BUCKETS, OPENAI_USAGE, told } from '../../support/told.js';

const json = JSON.stringify;
const generation = { 'langfuse.observation.type': 'generation' };

describe('usage stated outright', () => {
  it('stays as stated outright, in keys of the application’s own', () => {
    const usage = { input: 10, input_images: 3, output: 5 };
    expect(told({ ...generation, 'langfuse.observation.usage_details': json(usage) }).usageDetails).toEqual(usage);
  });

  it.each([
    ['OpenAI', OPENAI_USAGE, OPENAI_BUCKETS],
    ['older OpenAI', { promptTokens: 10, completionTokens: 20, totalTokens: 30 }, { input: 10, output: 20, total: 30 }],
    [
      'Anthropic',
      { input_tokens: 421, output_tokens: 287, cache_read_input_tokens: 100, service_tier: 'standard' },
      { input: 421, input_cached_tokens: 100, output: 287, total: 808 },
    ],
  ])('is split where it is stated outright as %s returns it', (_provider, usage, expected) => {
    expect(told({ ...generation, 'langfuse.observation.usage_details': json(usage) }).usageDetails).toEqual(expected);
  });

  it('makes a span of no known type a generation, because a plain span cannot keep it before v4', () => {
    const [, observation] = translateSpans([spanLike({ attributes: { 'llm.usage.prompt_tokens': 5 } })]);
    expect(observation).toMatchObject({ type: 'generation-create', body: { usageDetails: { input: 5, total: 5 } } });
  });
});
