import { translateSpans } from '../../src/index.js';
import { spanLike } from './spans.js';

/** What a span with these attributes says of its call, in the end. */
export interface Told {
  readonly usageDetails?: Readonly<{ [key: string]: number }>;
  readonly costDetails?: Readonly<{ [key: string]: number }>;
  readonly model?: string;
  readonly level?: string;
}

export function told(attributes: object, scope = 'test-scope'): Told {
  const [, observation] = translateSpans([spanLike({ attributes, instrumentationScope: { name: scope } })]);
  return observation?.body as Told;
}

/** Enough to be a call of a model. */
export const MODEL = { 'gen_ai.request.model': 'some-model' };

/** The usage that OpenAI returns for a chat, and what it comes to. */
export const OPENAI_USAGE = {
  prompt_tokens: 1187,
  completion_tokens: 342,
  total_tokens: 1529,
  prompt_tokens_details: { cached_tokens: 1024 },
  completion_tokens_details: { reasoning_tokens: 128 },
};
export const OPENAI_BUCKETS = {
  input: 163,
  input_cached_tokens: 1024,
  output: 214,
  output_reasoning_tokens: 128,
  total: 1529,
};
