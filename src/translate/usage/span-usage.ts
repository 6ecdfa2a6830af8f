import type { SpanData } from '../../span.js';
import { firstText } from '../attributes.js';
import { statedCost } from './cost.js';
import type { RawUsage } from './raw-usage.js';
import { merged } from './read-counts.js';
import { type AnswerFacts, answerFacts } from './recorded-answer.js';
import { habitsOf } from './sources.js';
import { statedCounts } from './stated-counts.js';

/** What a span says of the tokens and the dollars of its call. */
export interface SpanUsage {
  readonly usage: RawUsage;
  readonly cost: { readonly [key: string]: number };
  readonly responseId: string | undefined;
}

/**
 * Reads usage wherever it is and whoever wrote it: by the words of the keys, not by the convention, so that a library
 * nobody has met yet is read as well.
 *
 * @param isCall - the span is a call of a model, not something around it: then a recorded answer is its own.
 */
export function usageOfSpan(span: SpanData, isCall: boolean): SpanUsage {
  const { attributes } = span;
  let usage: RawUsage = {};
  for (const counts of statedCounts(attributes)) usage = merged(usage, counts);
  const answer: AnswerFacts = isCall ? answerFacts(attributes, usage) : { usage, id: undefined, cost: undefined };
  const { isInputExclusive, isRestReasoning } = habitsOf(span);
  return {
    usage: {
      ...answer.usage,
      isInputExclusive: answer.usage.isInputExclusive ?? isInputExclusive,
      isRestReasoning: answer.usage.isRestReasoning ?? isRestReasoning,
    },
    cost: answer.cost === undefined ? statedCost(attributes) : { total: answer.cost, ...statedCost(attributes) },
    responseId: firstText(attributes, ...RESPONSE_IDS) ?? answer.id,
  };
}

const RESPONSE_IDS = ['gen_ai.response.id', 'ai.response.id', 'llm.response.id', 'llm.response_id'] as const;
