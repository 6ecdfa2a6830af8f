import { describe, expect, it } from 'vitest';
import { toUsage } from '../../../src/translate/usage/buckets.js';
import { COUNTS, FLAGS, type RawUsage } from '../../../src/translate/usage/raw-usage.js';
import { fc } from '../../support/seeded-check.js';

describe('tokens in buckets', () => {
  it.each<[string, RawUsage, object | undefined]>([
    ['input and output', { input: 10, output: 5 }, { input: 10, output: 5, total: 15 }],
    [
      'parts that the wholes include (OpenTelemetry)',
      { input: 100, output: 50, cacheRead: 60, cacheWrite: 10, reasoning: 20 },
      {
        input: 30,
        input_cached_tokens: 60,
        input_cache_creation: 10,
        output: 30,
        output_reasoning_tokens: 20,
        total: 150,
      },
    ],
    [
      'cached tokens that cannot be part of the input, because they are more',
      { input: 421, output: 287, cacheRead: 1536, cacheWrite: 2048 },
      { input: 421, input_cached_tokens: 1536, input_cache_creation: 2048, output: 287, total: 4292 },
    ],
    [
      'cached tokens that the total shows beside the input (Bedrock)',
      { input: 533, output: 197, cacheRead: 100, total: 830 },
      { input: 533, input_cached_tokens: 100, output: 197, total: 830 },
    ],
    [
      'cached tokens of a source that is known to count them apart',
      { input: 4000, output: 10, cacheRead: 100, isInputExclusive: true },
      { input: 4000, input_cached_tokens: 100, output: 10, total: 4110 },
    ],
    [
      'an uncached rest that is less than the input, whoever the source',
      { input: 4000, output: 10, cacheRead: 100, uncached: 3900, isInputExclusive: true },
      { input: 3900, input_cached_tokens: 100, output: 10, total: 4010 },
    ],
    [
      'an uncached rest that is the input',
      { input: 4000, output: 10, cacheRead: 100, uncached: 4000 },
      { input: 4000, input_cached_tokens: 100, output: 10, total: 4110 },
    ],
    [
      'reasoning beside the output (Gemini)',
      { input: 812, output: 210, reasoning: 128, cacheRead: 512, isOutputExclusive: true },
      { input: 300, input_cached_tokens: 512, output: 210, output_reasoning_tokens: 128, total: 1150 },
    ],
    [
      'reasoning that the total shows beside the output',
      { input: 812, output: 210, reasoning: 128, cacheRead: 512, total: 1150 },
      { input: 300, input_cached_tokens: 512, output: 210, output_reasoning_tokens: 128, total: 1150 },
    ],
    [
      'both beside their wholes',
      { input: 100, output: 50, cacheRead: 30, reasoning: 20, total: 200 },
      { input: 100, input_cached_tokens: 30, output: 50, output_reasoning_tokens: 20, total: 200 },
    ],
    [
      'a cache entry that lives for an hour, at a price of its own',
      { input: 421, output: 287, cacheWrite: 2048, cacheWrite5m: 1792, cacheWrite1h: 256 },
      { input: 421, input_cache_creation_5m: 1792, input_cache_creation_1h: 256, output: 287, total: 2756 },
    ],
    [
      'cache entries of five minutes, under the one key that has their price',
      { input: 5000, output: 1, cacheWrite: 2048, cacheWrite5m: 2048, cacheWrite1h: 0 },
      { input: 2952, input_cache_creation: 2048, output: 1, total: 5001 },
    ],
    [
      'audio, cached audio not counted twice',
      { input: 100, output: 50, cacheRead: 60, audioInput: 80, audioOutput: 30, reasoning: 10 },
      {
        input: 0,
        input_cached_tokens: 60,
        input_audio_tokens: 40,
        output: 10,
        output_reasoning_tokens: 10,
        output_audio_tokens: 30,
        total: 150,
      },
    ],
    ['what a tool of the provider added', { input: 10, toolInput: 5, output: 1 }, { input: 15, output: 1, total: 16 }],
    ['a total alone (embeddings)', { total: 57 }, { input: 57, total: 57 }],
    ['input and total', { input: 10, total: 15 }, { input: 10, output: 5, total: 15 }],
    [
      'more in total than was named',
      { input: 10, output: 5, total: 20 },
      { input: 10, output: 5, other: 5, total: 20 },
    ],
    [
      'more in total, where that is known to be reasoning',
      { input: 812, output: 210, total: 1150, isRestReasoning: true },
      { input: 812, output: 210, output_reasoning_tokens: 128, total: 1150 },
    ],
    [
      'a total without what concerns the cache (OpenLLMetry for Anthropic)',
      { input: 421, output: 287, cacheRead: 1536, total: 708 },
      { input: 421, input_cached_tokens: 1536, output: 287, total: 2244 },
    ],
    ['fractions', { input: 10.4, output: 4.6 }, { input: 10, output: 5, total: 15 }],
    ['nothing but zeros', { input: 0, output: 0, total: 0, cacheRead: 0 }, undefined],
    ['no numbers at all', { input: Number.NaN, output: Number.POSITIVE_INFINITY }, undefined],
    ['negative numbers', { input: -5, output: 3 }, { output: 3, total: 3 }],
    ['nothing', {}, undefined],
    ['parts without a whole', { reasoning: 5, uncached: 7 }, undefined],
  ])('are right for %s', (_case, raw, expected) => {
    expect(toUsage(raw)).toEqual(expected);
  });

  const count = fc.oneof(fc.nat(5000), fc.double(), fc.integer(), fc.constant(Number.MAX_SAFE_INTEGER));
  const flag = fc.option(fc.boolean(), { nil: undefined });
  const raw: fc.Arbitrary<RawUsage> = fc.record(
    {
      ...Object.fromEntries(COUNTS.map((name) => [name, count])),
      ...Object.fromEntries(FLAGS.map((name) => [name, flag])),
    },
    { requiredKeys: [] },
  );

  it('are whole, add up to the total, and are never less than a whole that was stated', () => {
    fc.assert(
      fc.property(raw, (stated) => {
        const usage = toUsage(stated);
        if (usage === undefined) return;
        const { total = Number.NaN, ...buckets } = usage;
        const values = Object.values(buckets);
        expect([...values, total].every((tokens) => Number.isSafeInteger(tokens) && tokens >= 0)).toBe(true);
        expect(values.reduce((sum, tokens) => sum + tokens, 0)).toBe(total);
        const atLeast = (part: string, whole = 0): void => {
          const sum = Object.entries(buckets).reduce(
            (all, [key, tokens]) => all + (key.startsWith(part) ? tokens : 0),
            0,
          );
          if (Number.isSafeInteger(Math.round(whole))) expect(sum).toBeGreaterThanOrEqual(Math.round(whole));
        };
        atLeast('input', stated.input);
        atLeast('output', stated.output);
      }),
    );
  });
});
