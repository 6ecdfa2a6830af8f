import { isForbiddenKey, type WireChanges } from '../../wire-rules.js';
import { isObject, numberOf, type PlainObject } from '../attributes.js';
import { toCount, toUsage, type UsageBuckets } from './buckets.js';
import { meaningOf } from './count-names.js';
import { leavesOf, readCounts } from './read-counts.js';

/**
 * Usage stated outright for Langfuse. Its keys are the application's own, perhaps with prices of its own, and stay what
 * they are; but an object as a provider returns it (`prompt_tokens`, `promptTokens`, …) would have no price at all, and
 * is split as its call would be.
 */
export function explicitUsage(stated: PlainObject, changes?: WireChanges): UsageBuckets | undefined {
  if (isProviders(stated))
    return toUsage({ ...readCounts(leavesOf(stated)), isInputExclusive: isAnthropics(stated) }, changes);
  const usage: { [key: string]: number } = {};
  for (const key in stated) {
    const tokens = toCount(numberOf(stated[key]), changes);
    if (tokens === undefined) continue;
    if (isForbiddenKey(key)) changes?.note('key');
    else if (key === '') changes?.note('number');
    else usage[key] = tokens;
  }
  return Object.keys(usage).length === 0 ? undefined : usage;
}

/** All keys are known to mean tokens, none is Langfuse's own, and both ends of the call are there. */
function isProviders(stated: PlainObject): boolean {
  if ('input' in stated || 'output' in stated) return false;
  const keys = Object.keys(stated).filter((key) => numberOf(stated[key]) !== undefined);
  if (keys.some((key) => meaningOf(key) === undefined)) return false;
  const { input, output } = readCounts(leavesOf(stated));
  return input !== undefined && output !== undefined;
}

/**
 * A provider's own usage that counts the cache beside the input: Anthropic's `input_tokens` with
 * `cache_read_input_tokens` next to it, Bedrock's `inputTokens` with `cacheReadInputTokens`. Where counts include the
 * cache, they are called `prompt_tokens`, or the parts are in an object of their own. A total that is the sum of input
 * and output says that somebody has added the cache already.
 */
export function isAnthropics(usage: unknown): boolean | undefined {
  if (!isObject(usage)) return undefined;
  const input = numberOf(usage['input_tokens'] ?? usage['inputTokens']);
  const output = numberOf(usage['output_tokens'] ?? usage['outputTokens']);
  if (input === undefined || !Object.keys(usage).some((key) => BESIDE.test(key))) return undefined;
  const total = numberOf(usage['total_tokens'] ?? usage['totalTokens']);
  return total === undefined || total !== input + (output ?? 0);
}

const BESIDE = /^cache_?(read|write|creation)_?input_?tokens$/i;
