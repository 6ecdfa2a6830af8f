import { describe, expect, it } from 'vitest';
import { MODEL, OPENAI_BUCKETS, OPENAI_USAGE, told } from '../../support/told.js';

const json = JSON.stringify;

describe('usage in an object that was recorded whole', () => {
  it.each<[string, object, object, string?]>([
    [
      'a recorded answer of Bedrock, of which the instrumentation reads two counts',
      {
        'openinference.span.kind': 'LLM',
        'llm.token_count.prompt': 533,
        'llm.token_count.completion': 197,
        'output.value': json({
          output: { message: { content: [{ text: 'tokens' }] } },
          usage: { inputTokens: 533, outputTokens: 197, cacheReadInputTokens: 1024, cacheWriteInputTokens: 24 },
        }),
      },
      { input: 533, input_cached_tokens: 1024, input_cache_creation: 24, output: 197, total: 1778 },
    ],
    [
      'a recorded answer of Anthropic, with the life of its cache entries',
      {
        'openinference.span.kind': 'LLM',
        'llm.token_count.prompt': 4005,
        'llm.token_count.completion': 287,
        'llm.token_count.prompt_details.cache_read': 1536,
        'llm.token_count.prompt_details.cache_write': 2048,
        'output.value': json({
          id: 'msg_1',
          usage: {
            input_tokens: 421,
            output_tokens: 287,
            cache_read_input_tokens: 1536,
            cache_creation_input_tokens: 2048,
            cache_creation: { ephemeral_5m_input_tokens: 1792, ephemeral_1h_input_tokens: 256 },
          },
        }),
      },
      {
        input: 421,
        input_cached_tokens: 1536,
        input_cache_creation_5m: 1792,
        input_cache_creation_1h: 256,
        output: 287,
        total: 4292,
      },
    ],
    [
      'a recorded answer of LangChain, in three accounts',
      {
        'openinference.span.kind': 'LLM',
        'output.value': json({
          generations: [
            [
              {
                message: {
                  kwargs: {
                    response_metadata: {
                      tokenUsage: { promptTokens: 1187, completionTokens: 342, totalTokens: 1529 },
                      usage: OPENAI_USAGE,
                    },
                    usage_metadata: { input_tokens: 1187, output_tokens: 342, total_tokens: 1529 },
                  },
                },
              },
            ],
          ],
        }),
      },
      OPENAI_BUCKETS,
    ],
    [
      'a chat history in the answer, whose older calls are not this one',
      {
        'openinference.span.kind': 'LLM',
        'llm.token_count.prompt': 10,
        'llm.token_count.completion': 5,
        'output.value': json({
          messages: [{ usage_metadata: { input_tokens: 99, output_tokens: 7, cached_tokens: 5 } }],
        }),
      },
      { input: 10, output: 5, total: 15 },
    ],
    [
      'an answer about the input and output of something else',
      { 'openinference.span.kind': 'LLM', 'output.value': json({ usage: { input: 230, output: 12 }, token: 'V' }) },
      {},
    ],
    [
      'ADK in JavaScript, whose answer has what its attributes lack',
      {
        ...MODEL,
        'gen_ai.usage.input_tokens': 812,
        'gen_ai.usage.output_tokens': 210,
        'gcp.vertex.agent.llm_response': json({
          usageMetadata: {
            promptTokenCount: 812,
            candidatesTokenCount: 210,
            thoughtsTokenCount: 128,
            cachedContentTokenCount: 512,
          },
        }),
      },
      { input: 300, input_cached_tokens: 512, output: 210, output_reasoning_tokens: 128, total: 1150 },
      'gcp.vertex.agent',
    ],
    [
      'Genkit, whose usage is in its output, and more of it in the raw answer',
      {
        'langfuse.observation.type': 'generation',
        'genkit:output': json({
          usage: { inputTokens: 1187, outputTokens: 342, totalTokens: 1529, inputCharacters: 400 },
          raw: { usage: OPENAI_USAGE },
        }),
      },
      OPENAI_BUCKETS,
      'genkit-tracer',
    ],
    [
      'Genkit for Gemini',
      {
        'langfuse.observation.type': 'generation',
        'genkit:output': json({
          usage: {
            inputTokens: 812,
            outputTokens: 210,
            totalTokens: 1150,
            cachedContentTokens: 512,
            thoughtsTokens: 128,
          },
        }),
      },
      { input: 300, input_cached_tokens: 512, output: 210, output_reasoning_tokens: 128, total: 1150 },
      'genkit-tracer',
    ],
    [
      'LiveKit’s metrics',
      {
        ...MODEL,
        'lk.llm_metrics': json({
          promptTokens: 1187,
          completionTokens: 342,
          promptCachedTokens: 1024,
          tokensPerSecond: 80,
          ttftMs: 12,
        }),
      },
      { input: 163, input_cached_tokens: 1024, output: 342, total: 1529 },
    ],
    [
      'LangWatch’s metrics',
      { ...MODEL, 'langwatch.metrics': json({ type: 'json', value: { promptTokens: 10, completionTokens: 5 } }) },
      { input: 10, output: 5, total: 15 },
    ],
    [
      'LiveKit’s metrics of a realtime model',
      {
        ...MODEL,
        'lk.realtime_model_metrics': json({
          inputTokens: 100,
          outputTokens: 50,
          totalTokens: 150,
          inputTokenDetails: {
            audioTokens: 80,
            textTokens: 20,
            cachedTokens: 10,
            cachedTokensDetails: { audioTokens: 8 },
          },
          outputTokenDetails: { audioTokens: 40, textTokens: 10 },
        }),
      },
      {
        input: 10,
        input_cached_tokens: 10,
        input_audio_tokens: 80,
        output: 10,
        output_audio_tokens: 40,
        total: 150,
      },
    ],
    [
      'a recorded answer of an embedding',
      {
        'openinference.span.kind': 'EMBEDDING',
        'output.value': json({ data: [], usage: { prompt_tokens: 19, total_tokens: 19 } }),
      },
      { input: 19, total: 19 },
    ],
    [
      'MLflow',
      { ...MODEL, 'mlflow.chat.tokenUsage': json({ input_tokens: 10, output_tokens: 5, total_tokens: 15 }) },
      { input: 10, output: 5, total: 15 },
    ],
  ])('is read from %s', (_case, attributes, expected, scope = undefined) => {
    expect(told(attributes, scope).usageDetails ?? {}).toEqual(expected);
  });
});
