import type { SpanData } from '../../span.js';
import { firstTextOf } from '../attributes.js';
import { statedCost } from './cost.js';
import type { RawUsage } from './raw-usage.js';
import { isEmpty, merged } from './read-counts.js';
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
  return {
    usage: isEmpty(answer.usage) ? answer.usage : addHabits(answer.usage, span),
    cost: answer.cost === undefined ? statedCost(attributes) : { total: answer.cost, ...statedCost(attributes) },
    responseId: firstTextOf(attributes, RESPONSE_IDS) ?? answer.id,
  };
}

/** Only what the numbers do not tell themselves. In place: the counts were just read, and are nobody else's. */
function addHabits(usage: RawUsage, span: SpanData): RawUsage {
  const { isInputExclusive, isRestReasoning } = habitsOf(span);
  usage.isInputExclusive ??= isInputExclusive;
  usage.isRestReasoning ??= isRestReasoning;
  return usage;
}

const RESPONSE_IDS = ['gen_ai.response.id', 'ai.response.id', 'llm.response.id', 'llm.response_id'] as const;
