import type { Attributes } from '../../span.js';
import { isObject, objectOf, type PlainObject } from '../attributes.js';
import { isAnthropics } from './explicit-usage.js';
import type { RawUsage } from './raw-usage.js';
import { type Leaf, leavesOf, readCounts } from './read-counts.js';

/** `gen_ai.usage.input_tokens`: the prefix names who counts, the rest what is counted. */
const COUNT_KEY = /^((?:.*\.)?(?:usage|token_usage|token_count))\.(.+)$/;
/** Semantic Kernel, before it followed the conventions. */
const RESPONSE_KEY = /^(gen_ai\.response)\.((?:prompt|completion|total)_tokens)$/;
/** A whole usage object, as JSON text or as a structure. */
const USAGE_KEY =
  /(?:^|[._])(?:usage|usage_metadata|usageMetadata|tokenUsage|token_usage)$|^(?:lk\.[a-z_]+_metrics|langwatch\.metrics)$/;

/** Under these everything is about tokens; elsewhere (`memory.usage.total`) a key must say so itself. */
const TOKENS_ONLY: ReadonlySet<string> = new Set(['ai.usage', 'gen_ai.usage', 'llm.token_count', 'llm.usage']);

/** Of two that differ, the library that made the call knows best; then the newest convention. */
const ORDER = ['ai.usage', 'gen_ai.usage', 'llm.token_count', 'llm.usage', 'usage'] as const;

/** What the attributes count, account by account: by prefix, in whole objects, and in what a provider added. */
export function statedCounts(attributes: Attributes): readonly RawUsage[] {
  const groups = new Map<string, Leaf[]>();
  const objects: RawUsage[] = [];
  for (const key in attributes) {
    if (!MAY_COUNT.test(key) || OTHERS.test(key)) continue;
    const value = attributes[key];
    const [, prefix, name] = COUNT_KEY.exec(key) ?? RESPONSE_KEY.exec(key) ?? [];
    if (prefix !== undefined && name !== undefined) {
      const isTokens = TOKENS_ONLY.has(prefix);
      leavesIn(groups, prefix).push(
        ...leavesOf({ [name]: value }).filter(([leaf]) => isTokens || SAYS_TOKENS.test(leaf)),
      );
    } else if (USAGE_KEY.test(key)) {
      const object = objectOf(value);
      // LangWatch wraps what it writes.
      if (object) objects.push(readObject(isObject(object['value']) ? object['value'] : object));
    }
  }
  const known = ORDER.filter((prefix) => groups.has(prefix));
  const rest = [...groups.keys()].filter((prefix) => !known.some((one) => one === prefix));
  return [
    ...[...known, ...rest].map((prefix) => readCounts(groups.get(prefix) ?? [])),
    ...objects,
    ...providerAccounts(attributes),
  ];
}

/** Most keys are about something else, and are turned away by one cheap look. */
const MAY_COUNT = /usage|token|metrics/i;
const SAYS_TOKENS = /token/i;
/** Langfuse's own are stated outright; what the application attached to the call is not about the call. */
const OTHERS = /^langfuse\.|(?:^|\.)(?:metadata|properties|settings)\./;

function leavesIn(groups: Map<string, Leaf[]>, prefix: string): Leaf[] {
  const leaves = groups.get(prefix) ?? [];
  groups.set(prefix, leaves);
  return leaves;
}

function readObject(object: PlainObject): RawUsage {
  const counts = readCounts(leavesOf(object).filter(([key]) => SAYS_TOKENS.test(key)));
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
