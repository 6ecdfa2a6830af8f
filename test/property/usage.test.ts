import { describe, expect, it } from 'vitest';
import { fc } from '../support/seeded-check.js';
import { MODEL, OPENAI_USAGE, told } from '../support/told.js';

const json = JSON.stringify;

describe('the usage of a span', () => {
  const value = fc.oneof(
    fc.integer(),
    fc.double(),
    fc.string(),
    fc.json(),
    fc.constant(json(OPENAI_USAGE)),
    fc.object(),
  );
  const key = fc.constantFrom(
    ...['gen_ai.usage.input_tokens', 'gen_ai.usage.output_tokens', 'gen_ai.usage.cache_read.input_tokens'],
    ...['llm.token_count.prompt', 'llm.token_count.completion', 'llm.token_count.prompt_details.audio'],
    ...['ai.usage.totalTokens', 'ai.response.providerMetadata', 'llm.usage.reasoning_tokens', 'gen_ai.usage', 'usage'],
    ...[
      'output.value',
      'gen_ai.completion',
      'gen_ai.usage.cost',
      'llm.cost.prompt',
      'langwatch.metrics',
      'usage.tokens',
    ],
    ...['langfuse.observation.cost_details'],
  );

  it('is whole and adds up, whatever the attributes are', () => {
    fc.assert(
      fc.property(fc.dictionary(key, value), (attributes) => {
        const { usageDetails, costDetails } = told({ ...MODEL, ...attributes });
        const { total, ...buckets } = usageDetails ?? {};
        for (const tokens of Object.values(usageDetails ?? {})) {
          expect(Number.isSafeInteger(tokens)).toBe(true);
          expect(tokens).toBeGreaterThanOrEqual(0);
        }
        if (total !== undefined) expect(Object.values(buckets).reduce((sum, tokens) => sum + tokens, 0)).toBe(total);
        if (costDetails) expect(costDetails['total']).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
