import type { Attributes } from '../../span.js';
import { isObject, objectOf, type PlainObject } from '../attributes.js';
import { countKey } from './count-keys.js';
import { isAnthropics } from './explicit-usage.js';
import type { RawUsage } from './raw-usage.js';
import { type Leaf, leavesOf, leavesUnder, readCounts } from './read-counts.js';

/** Under these everything is about tokens; elsewhere (`memory.usage.total`) a key must say so itself. */
const TOKENS_ONLY: ReadonlySet<string> = new Set(['ai.usage', 'gen_ai.usage', 'llm.token_count', 'llm.usage']);

/** Of two that differ, the library that made the call knows best; then the newest convention. */
const ORDER = ['ai.usage', 'gen_ai.usage', 'llm.token_count', 'llm.usage', 'usage'] as const;

/** What the attributes count, account by account: by prefix, in whole objects, and in what a provider added. */
export function statedCounts(attributes: Attributes): readonly RawUsage[] {
  let groups: Map<string, Leaf[]> | undefined;
  const objects: RawUsage[] = [];
  for (const key in attributes) {
    const counted = countKey(key);
    if (counted === undefined) continue;
    const value = attributes[key];
    if (counted === 'account') {
      const object = objectOf(value);
      // LangWatch wraps what it writes.
      if (object) objects.push(readObject(isObject(object['value']) ? object['value'] : object));
      continue;
    }
    const { prefix, name } = counted;
    const isTokens = TOKENS_ONLY.has(prefix);
    groups ??= new Map();
    const leaves = leavesIn(groups, prefix);
    for (const leaf of leavesUnder(name, value)) if (isTokens || SAYS_TOKENS.test(leaf[0])) leaves.push(leaf);
  }
  return [...inOrder(groups), ...objects, ...providerAccounts(attributes)];
}

function inOrder(groups: ReadonlyMap<string, readonly Leaf[]> | undefined): readonly RawUsage[] {
  if (groups === undefined) return [];
  const known = ORDER.filter((prefix) => groups.has(prefix));
  const rest = [...groups.keys()].filter((prefix) => !known.some((one) => one === prefix));
  return [...known, ...rest].map((prefix) => readCounts(groups.get(prefix) ?? []));
}

const SAYS_TOKENS = /token/i;
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
  const providers = objectOf(attributes['ai.response.providerMetadata']);
  if (providers === undefined) return [];
  return Object.values(providers).flatMap((said) => {
    const { usage, usageMetadata, ...rest } = objectOf(said) ?? {};
    const whole = objectOf(usage) ?? objectOf(usageMetadata);
    const beside = readCounts(leavesOf(rest).filter(([key]) => !key.includes('.')));
    return whole ? [readObject(whole), beside] : [beside];
  });
}
