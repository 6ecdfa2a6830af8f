import type { Attributes, SpanData } from '../../span.js';
import { firstText, isObject, objectOf } from '../attributes.js';
import { isCostKey, statedCost } from './cost.js';
import { isAnthropics } from './explicit-usage.js';
import type { RawUsage } from './raw-usage.js';
import { type Leaf, leavesOf, merged, readCounts } from './read-counts.js';
import { type AnswerFacts, answerFacts } from './recorded-answer.js';
import { habitsOf } from './sources.js';

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
 * @param known - what a convention has read itself: it comes first.
 * @param isCall - the span is a call of a model, not something around it: then a recorded answer is its own.
 */
export function usageOfSpan(span: SpanData, known: RawUsage, isCall: boolean): SpanUsage {
  const { attributes } = span;
  const costKeys: string[] = [];
  let usage = known;
  for (const counts of accountsIn(attributes, costKeys)) usage = merged(usage, counts);
  for (const counts of providerAccounts(attributes)) usage = merged(usage, counts);
  const answer: AnswerFacts = isCall ? answerFacts(attributes, usage) : { usage, id: undefined };
  const { isInputExclusive, isRestReasoning } = habitsOf(span);
  return {
    usage: {
      ...answer.usage,
      isInputExclusive: answer.usage.isInputExclusive ?? isInputExclusive,
      isRestReasoning: answer.usage.isRestReasoning ?? isRestReasoning,
    },
    cost: statedCost(attributes, costKeys),
    responseId: firstText(attributes, ...RESPONSE_IDS) ?? answer.id,
  };
}

const RESPONSE_IDS = ['gen_ai.response.id', 'ai.response.id', 'llm.response.id', 'llm.response_id'] as const;

/** `gen_ai.usage.input_tokens`: the prefix names who counts, the rest what is counted. */
const COUNT_KEY = /^((?:.*\.)?(?:usage|token_usage|token_count))\.(.+)$/;
/** A whole usage object, as JSON text or as a structure. */
const USAGE_KEY = /(?:^|[._])(?:usage|usage_metadata|usageMetadata|tokenUsage|token_usage|llm_metrics)$/;

/** Of two that differ, the library that made the call knows best; then the newest convention. */
const ORDER = ['ai.usage', 'gen_ai.usage', 'llm.token_count', 'llm.usage', 'usage'] as const;

function accountsIn(attributes: Attributes, costKeys: string[]): readonly RawUsage[] {
  const groups = new Map<string, Leaf[]>();
  const objects: RawUsage[] = [];
  for (const key in attributes) {
    if (!MAY_COUNT.test(key) || OTHERS.test(key)) continue;
    const value = attributes[key];
    const [, prefix, name] = COUNT_KEY.exec(key) ?? [];
    if (isCostKey(key)) costKeys.push(key);
    else if (prefix !== undefined && name !== undefined) leavesIn(groups, prefix).push(...leavesOf({ [name]: value }));
    else if (USAGE_KEY.test(key)) {
      const object = objectOf(value);
      if (object) objects.push(readObject(object));
    }
  }
  const metrics = objectOf(attributes['langwatch.metrics']);
  if (metrics) objects.push(readObject(isObject(metrics['value']) ? metrics['value'] : metrics));
  const known = ORDER.filter((prefix) => groups.has(prefix));
  const rest = [...groups.keys()].filter((prefix) => !known.some((one) => one === prefix));
  return [...[...known, ...rest].map((prefix) => readCounts(groups.get(prefix) ?? [])), ...objects];
}

/** Most keys are about something else, and are turned away by one cheap look. */
const MAY_COUNT = /usage|token_count|tokenUsage|llm_metrics|cost/i;
/** Langfuse's own are stated outright; what the application attached to the call is not about the call. */
const OTHERS = /^langfuse\.|(?:^|\.)(?:metadata|properties|settings)\./;

function leavesIn(groups: Map<string, Leaf[]>, prefix: string): Leaf[] {
  const leaves = groups.get(prefix) ?? [];
  groups.set(prefix, leaves);
  return leaves;
}

function readObject(object: { readonly [key: string]: unknown }): RawUsage {
  const counts = readCounts(leavesOf(object));
  return isAnthropics(object) ? { ...counts, isInputExclusive: true } : counts;
}

/** The AI SDK hands on what a provider said beside the counts, each in its own words. */
function providerAccounts(attributes: Attributes): readonly RawUsage[] {
  const providers = objectOf(attributes['ai.response.providerMetadata']) ?? {};
  return Object.values(providers).flatMap((said) => {
    const { usage, usageMetadata, ...rest } = objectOf(said) ?? {};
    const whole = objectOf(usage) ?? objectOf(usageMetadata);
    const beside = readCounts(leavesOf(rest).filter(([key]) => !key.includes('.')));
    return whole ? [readObject(whole), beside] : [beside];
  });
}
