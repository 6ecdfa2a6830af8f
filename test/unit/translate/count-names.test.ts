import { describe, expect, it } from 'vitest';
import { meaningOf } from '../../../src/translate/usage/count-names.js';

describe('the meaning of a usage key', () => {
  it.each([
    // OpenTelemetry GenAI, 1.26 to the current one.
    ['prompt_tokens', 'input'],
    ['input_tokens', 'input'],
    ['completion_tokens', 'output'],
    ['output_tokens', 'output'],
    ['cache_read.input_tokens', 'cacheRead'],
    ['cache_creation.input_tokens', 'cacheWrite'],
    ['cache_write.input_tokens', 'cacheWrite'],
    ['reasoning.output_tokens', 'reasoning'],
    ['audio.input_tokens', 'audioInput'],
    ['audio.output_tokens', 'audioOutput'],
    // OpenAI, chat and Responses.
    ['total_tokens', 'total'],
    ['prompt_tokens_details.cached_tokens', 'cacheRead'],
    ['prompt_tokens_details.audio_tokens', 'audioInput'],
    ['completion_tokens_details.reasoning_tokens', 'reasoning'],
    ['completion_tokens_details.audio_tokens', 'audioOutput'],
    ['input_tokens_details.cached_tokens', 'cacheRead'],
    ['output_tokens_details.reasoning_tokens', 'reasoning'],
    // Anthropic.
    ['cache_creation_input_tokens', 'cacheWrite'],
    ['cache_read_input_tokens', 'cacheRead'],
    ['cache_creation.ephemeral_5m_input_tokens', 'cacheWrite5m'],
    ['cache_creation.ephemeral_1h_input_tokens', 'cacheWrite1h'],
    // Bedrock Converse, Titan, Llama.
    ['inputTokens', 'input'],
    ['cacheReadInputTokens', 'cacheRead'],
    ['cacheWriteInputTokens', 'cacheWrite'],
    ['inputTextTokenCount', 'input'],
    ['prompt_token_count', 'input'],
    ['generation_token_count', 'output'],
    // Gemini.
    ['promptTokenCount', 'input'],
    ['candidatesTokenCount', 'candidates'],
    ['thoughtsTokenCount', 'reasoning'],
    ['cachedContentTokenCount', 'cacheRead'],
    ['cached_content_token_count', 'cacheRead'],
    ['toolUsePromptTokenCount', 'toolInput'],
    ['totalTokenCount', 'total'],
    ['promptTokensDetails.AUDIO', 'audioInput'],
    // AI SDK 4 to 7.
    ['promptTokens', 'input'],
    ['completionTokens', 'output'],
    ['cachedInputTokens', 'cacheRead'],
    ['cachedPromptTokens', 'cacheRead'],
    ['inputTokenDetails.noCacheTokens', 'uncached'],
    ['inputTokenDetails.cacheReadTokens', 'cacheRead'],
    ['inputTokenDetails.cacheWriteTokens', 'cacheWrite'],
    ['outputTokenDetails.textTokens', 'text'],
    ['outputTokenDetails.reasoningTokens', 'reasoning'],
    ['tokens', 'total'],
    // OpenInference, LangChain, Genkit, LiveKit, DeepSeek, Cohere, Ollama.
    ['prompt', 'input'],
    ['completion', 'output'],
    ['total', 'total'],
    ['prompt_details.cache_read', 'cacheRead'],
    ['prompt_details.cache_write', 'cacheWrite'],
    ['completion_details.reasoning', 'reasoning'],
    ['input_token_details.cache_read', 'cacheRead'],
    ['output_token_details.reasoning', 'reasoning'],
    ['input_token_details.audio', 'audioInput'],
    ['cachedContentTokens', 'cacheRead'],
    ['thoughtsTokens', 'reasoning'],
    ['promptCachedTokens', 'cacheRead'],
    ['promptCacheHitTokens', 'cacheRead'],
    ['prompt_cache_miss_tokens', 'uncached'],
    ['billed_units.input_tokens', 'input'],
    ['prompt_eval_count', 'input'],
    ['eval_count', 'output'],
  ])('%s is %s', (key, meaning) => {
    expect(meaningOf(key)).toBe(meaning);
  });

  it.each([
    'cost',
    'input_cost',
    'tokensPerSecond',
    'max_tokens',
    'thinking.budget_tokens',
    'prompt_context.message_tokens_estimated',
    'accepted_prediction_tokens',
    'server_tool_use.web_search_requests',
    'inputCharacters',
    'details.input_tokens',
    'text.input_tokens',
    'image.input_tokens',
    'text.cache_read.input_tokens',
    'requests',
    'constructor',
  ])('%s is no count, or counted in another', (key) => {
    expect(meaningOf(key)).toBeUndefined();
  });
});
