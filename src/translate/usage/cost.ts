import type { Attributes } from '../../span.js';
import { isCost, isForbiddenKey, type WireChanges } from '../../wire-rules.js';
import { numberOf, objectOf } from '../attributes.js';
import { wordsOf } from './count-names.js';

/** US dollars by Langfuse's keys. */
export type CostBuckets = Readonly<{ [key: string]: number }>;

/**
 * Dollars that the server keeps, always with a total: without one it shows none.
 *
 * @param changes - told when a stated number is one that no server keeps.
 */
export function toCost(stated: Readonly<{ [key: string]: unknown }>, changes?: WireChanges): CostBuckets | undefined {
  const cost: { [key: string]: number } = {};
  let sum = 0;
  for (const key in stated) {
    const dollars = numberOf(stated[key]);
    if (dollars === undefined) continue;
    if (!isCost(dollars) || key === '' || isForbiddenKey(key)) {
      changes?.note(isForbiddenKey(key) ? 'key' : 'number');
      continue;
    }
    cost[key] = dollars;
    if (key !== 'total') sum += dollars;
  }
  if (Object.keys(cost).length === 0) return undefined;
  if (cost['total'] === undefined && isCost(sum)) cost['total'] = sum;
  return cost;
}

/** `gen_ai.usage.cost`, `gen_ai.usage.input_cost`, `gen_ai.cost.total_cost`, `llm.cost.prompt`, `usage.cost`, … */
const COST_KEY = /^(gen_ai|ai|llm|usage)\.(usage\.)?([a-z]+_)?cost(\.(total|input|output|prompt|completion)(_cost)?)?$/;

/** Keys repeat from span to span; invented ones must not fill the memory. */
const MAX_CACHED = 4096;
const known = new Map<string, boolean>();

function isCostKey(key: string): boolean {
  const cached = known.get(key);
  if (cached !== undefined) return cached;
  const isCost = COST_KEY.test(key);
  if (known.size < MAX_CACHED) known.set(key, isCost);
  return isCost;
}

/** What the source says the call cost, as a whole and by its ends. Nothing is computed here but a missing total. */
export function statedCost(attributes: Attributes): { [key: string]: number } {
  const cost: { [key: string]: number } = {};
  for (const key in attributes) {
    if (!isCostKey(key)) continue;
    const dollars = numberOf(attributes[key]);
    if (dollars !== undefined) cost[partOf(key)] ??= dollars;
  }
  const provider = objectOf(attributes['ai.response.providerMetadata']);
  // Pydantic AI; the name alone could be anybody's.
  const isModelCall = attributes['gen_ai.request.model'] !== undefined;
  const dollars =
    numberOf(objectOf(provider?.['gateway'])?.['cost']) ??
    numberOf(objectOf(objectOf(provider?.['openrouter'])?.['usage'])?.['cost']) ??
    numberOf(objectOf(objectOf(attributes['langwatch.metrics'])?.['value'])?.['cost']) ??
    (isModelCall ? numberOf(attributes['operation.cost']) : undefined);
  if (dollars !== undefined) cost['total'] ??= dollars;
  return cost;
}

function partOf(key: string): 'input' | 'output' | 'total' {
  const words = wordsOf(key);
  if (words.includes('input') || words.includes('prompt')) return 'input';
  return words.includes('output') || words.includes('completion') ? 'output' : 'total';
}
