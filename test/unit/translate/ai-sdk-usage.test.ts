import { describe, expect, it } from 'vitest';
import { OPENAI_BUCKETS, told } from '../../support/told.js';

const json = JSON.stringify;

describe('the usage of a span of the AI SDK', () => {
  it.each<[string, object, object]>([
    [
      'AI SDK 5 for Anthropic: the same',
      {
        'ai.operationId': 'ai.streamText.doStream',
        'ai.model.id': 'claude',
        'ai.model.provider': 'anthropic.messages',
        'ai.usage.inputTokens': 421,
        'ai.usage.outputTokens': 287,
        'ai.usage.cachedInputTokens': 100,
      },
      { input: 421, input_cached_tokens: 100, output: 287, total: 808 },
    ],
    [
      'AI SDK 6 for Anthropic, which adds it',
      {
        'ai.operationId': 'ai.streamText.doStream',
        'ai.model.id': 'claude',
        'ai.model.provider': 'anthropic.messages',
        'ai.usage.inputTokens': 521,
        'ai.usage.outputTokens': 287,
        'ai.usage.inputTokenDetails.noCacheTokens': 421,
        'ai.usage.inputTokenDetails.cacheReadTokens': 100,
      },
      { input: 421, input_cached_tokens: 100, output: 287, total: 808 },
    ],
    [
      'AI SDK 5 for Bedrock: the cache is in the provider metadata',
      {
        'ai.operationId': 'ai.generateText.doGenerate',
        'ai.model.id': 'claude',
        'ai.model.provider': 'amazon-bedrock',
        'ai.usage.promptTokens': 533,
        'ai.usage.completionTokens': 197,
        'ai.response.providerMetadata': json({
          bedrock: { usage: { cacheReadInputTokens: 100, cacheWriteInputTokens: 24 } },
        }),
      },
      { input: 533, input_cached_tokens: 100, input_cache_creation: 24, output: 197, total: 854 },
    ],
    [
      'AI SDK 5 for Gemini: thoughts are beside the candidates',
      {
        'ai.operationId': 'ai.generateText.doGenerate',
        'ai.model.id': 'gemini-2.5-flash',
        'ai.model.provider': 'google.generative-ai',
        'ai.usage.promptTokens': 812,
        'ai.usage.completionTokens': 210,
        'ai.response.providerMetadata': json({
          google: {
            usageMetadata: {
              promptTokenCount: 812,
              candidatesTokenCount: 210,
              thoughtsTokenCount: 128,
              cachedContentTokenCount: 512,
              totalTokenCount: 1150,
              promptTokensDetails: [{ modality: 'TEXT', tokenCount: 812 }],
            },
          },
        }),
      },
      { input: 300, input_cached_tokens: 512, output: 210, output_reasoning_tokens: 128, total: 1150 },
    ],
    [
      'AI SDK 4 for OpenAI: details in the provider metadata',
      {
        'ai.operationId': 'ai.generateText.doGenerate',
        'ai.model.id': 'o3',
        'ai.model.provider': 'openai.chat',
        'ai.usage.promptTokens': 1187,
        'ai.usage.completionTokens': 342,
        'ai.response.providerMetadata': json({ openai: { cachedPromptTokens: 1024, reasoningTokens: 128 } }),
      },
      OPENAI_BUCKETS,
    ],
    [
      'AI SDK embeddings',
      { 'ai.operationId': 'ai.embedMany.doEmbed', 'ai.model.id': 'embedder', 'ai.usage.tokens': 57 },
      { input: 57, total: 57 },
    ],
    [
      'a stream of AI SDK 4 that broke off',
      {
        'ai.operationId': 'ai.streamText.doStream',
        'ai.model.id': 'gpt-4o',
        'ai.usage.promptTokens': Number.NaN,
        'ai.usage.completionTokens': 'NaN',
      },
      {},
    ],
  ])('is read from %s', (_case, attributes, expected) => {
    expect(told(attributes, 'ai').usageDetails ?? {}).toEqual(expected);
  });
});
