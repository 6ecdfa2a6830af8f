import { describe, expect, it } from 'vitest';
import { MODEL, OPENAI_BUCKETS, OPENAI_USAGE, told } from '../../support/told.js';

const json = JSON.stringify;
const CLAUDE = { input: 421, input_cached_tokens: 1536, input_cache_creation: 2048, output: 287, total: 4292 };

describe('the usage of a span', () => {
  it.each<[string, object, object, string?]>([
    [
      'OpenTelemetry GenAI',
      {
        ...MODEL,
        'gen_ai.usage.input_tokens': 1187,
        'gen_ai.usage.output_tokens': 342,
        'gen_ai.usage.cache_read.input_tokens': 1024,
        'gen_ai.usage.reasoning.output_tokens': 128,
      },
      OPENAI_BUCKETS,
    ],
    [
      'OpenTelemetry GenAI with parts by modality, which are counted already',
      {
        ...MODEL,
        'gen_ai.usage.input_tokens': 1187,
        'gen_ai.usage.text.input_tokens': 1187,
        'gen_ai.usage.text.cache_read.input_tokens': 1024,
        'gen_ai.usage.cache_read.input_tokens': 1024,
        'gen_ai.usage.output_tokens': 342,
        'gen_ai.usage.reasoning_tokens': 128,
      },
      OPENAI_BUCKETS,
    ],
    [
      'numbers as text, and fractions',
      {
        ...MODEL,
        'gen_ai.usage.input_tokens': '1187.0',
        'gen_ai.usage.output_tokens': 341.6,
        'gen_ai.usage.cache_read.input_tokens': '1024',
        'gen_ai.usage.reasoning_tokens': '128',
      },
      OPENAI_BUCKETS,
    ],
    [
      'old and new names at once, a zero among them (Strands)',
      {
        ...MODEL,
        'gen_ai.usage.prompt_tokens': 1187,
        'gen_ai.usage.input_tokens': 1187,
        'gen_ai.usage.completion_tokens': 342,
        'gen_ai.usage.output_tokens': 342,
        'gen_ai.usage.cache_read_input_tokens': 0,
        'gen_ai.usage.cache_read.input_tokens': 1024,
        'gen_ai.usage.reasoning_tokens': 128,
      },
      OPENAI_BUCKETS,
    ],
    [
      'details as JSON text (LangSmith)',
      {
        ...MODEL,
        'gen_ai.usage.input_tokens': 1187,
        'gen_ai.usage.output_tokens': 342,
        'gen_ai.usage.input_token_details': json({ audio: 0, cache_read: 1024 }),
        'gen_ai.usage.output_token_details': json({ reasoning: 128 }),
      },
      OPENAI_BUCKETS,
    ],
    ['a whole object, structured (SDK 3.x)', { ...MODEL, 'gen_ai.usage': OPENAI_USAGE }, OPENAI_BUCKETS],
    [
      'Pydantic AI, whose details repeat what Anthropic counts',
      {
        ...MODEL,
        'gen_ai.usage.input_tokens': 4005,
        'gen_ai.usage.output_tokens': 287,
        'gen_ai.usage.details.input_tokens': 421,
        'gen_ai.usage.details.cache_read_input_tokens': 1536,
        'gen_ai.usage.details.cache_creation_input_tokens': 2048,
      },
      CLAUDE,
    ],
    [
      'OpenLLMetry for Anthropic, which leaves the cache out, though less than the input',
      {
        ...MODEL,
        'gen_ai.usage.input_tokens': 421,
        'gen_ai.usage.output_tokens': 287,
        'gen_ai.usage.total_tokens': 708,
        'gen_ai.usage.cache_read.input_tokens': 100,
      },
      { input: 421, input_cached_tokens: 100, output: 287, total: 808 },
      '@traceloop/instrumentation-anthropic',
    ],
    [
      'OpenInference',
      {
        'openinference.span.kind': 'LLM',
        'llm.token_count.prompt': 1187,
        'llm.token_count.completion': 342,
        'llm.token_count.total': 1529,
        'llm.token_count.prompt_details.cache_read': 1024,
        'llm.token_count.prompt_details.audio': 0,
        'llm.token_count.completion_details.reasoning': 128,
      },
      OPENAI_BUCKETS,
    ],
    [
      'OpenInference with audio, which is a part as well',
      {
        'openinference.span.kind': 'LLM',
        'llm.token_count.prompt': 100,
        'llm.token_count.completion': 50,
        'llm.token_count.prompt_details.audio': 40,
        'llm.token_count.completion_details.audio': 30,
      },
      { input: 60, input_audio_tokens: 40, output: 20, output_audio_tokens: 30, total: 150 },
    ],
    [
      'VoltAgent',
      {
        ...MODEL,
        'llm.usage.prompt_tokens': 1187,
        'llm.usage.completion_tokens': 342,
        'llm.usage.total_tokens': 1529,
        'llm.usage.cached_tokens': 1024,
        'llm.usage.reasoning_tokens': 128,
        'usage.prompt_context.message_tokens_estimated': 193,
      },
      OPENAI_BUCKETS,
    ],
    [
      'OpenLLMetry 0.22, with the total under another name',
      {
        ...MODEL,
        'gen_ai.system': 'Google',
        'gen_ai.usage.prompt_tokens': 812,
        'gen_ai.usage.completion_tokens': 210,
        'llm.usage.total_tokens': 1150,
      },
      { input: 812, output: 210, output_reasoning_tokens: 128, total: 1150 },
    ],
    [
      'numbers that the application attached itself',
      { ...MODEL, 'ai.telemetry.metadata.usage.tokens': 5, 'traceloop.association.properties.usage.input_tokens': 7 },
      {},
    ],
    [
      'Semantic Kernel',
      { ...MODEL, 'gen_ai.response.prompt_tokens': 10, 'gen_ai.response.completion_tokens': 5 },
      { input: 10, output: 5, total: 15 },
    ],
    ['usage of something else', { ...MODEL, 'memory.usage.total': 5, 'usage.input': 7, usage: '{"total":3}' }, {}],
  ])('is read from %s', (_case, attributes, expected, scope = undefined) => {
    expect(told(attributes, scope).usageDetails ?? {}).toEqual(expected);
  });
});
