import type { Attributes } from '../../span.js';
import { isObject, objectOf, type PlainObject } from '../attributes.js';
import { countKey } from './count-keys.js';
import { isAnthropics } from './explicit-usage.js';
import type { RawUsage } from './raw-usage.js';
import { addLeaves, type Leaf, leavesOf, readCounts } from './read-counts.js';

/** Under these everything is about tokens; elsewhere (`memory.usage.total`) a key must say so itself. */
const TOKENS_ONLY: ReadonlySet<string> = new Set(['ai.usage', 'gen_ai.usage', 'llm.token_count', 'llm.usage']);

/** Of two that differ, the library that made the call knows best; then the newest convention. */
const ORDER: readonly string[] = ['ai.usage', 'gen_ai.usage', 'llm.token_count', 'llm.usage', 'usage'];

/** What the attributes count, account by account: by prefix, in whole objects, and in what a provider added. */
export function statedCounts(attributes: Attributes): readonly RawUsage[] {
  const groups: LeafGroup[] = [];
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
    addLeaves(counted.name, value, leavesIn(groups, counted.prefix));
  }
  const accounts = inOrder(groups).map(({ prefix, leaves }) =>
    readCounts(TOKENS_ONLY.has(prefix) ? leaves : leaves.filter(saysTokens)),
  );
  return accounts.concat(objects, providerAccounts(attributes));
}

/** What was counted under one prefix. */
interface LeafGroup {
  readonly prefix: string;
  readonly leaves: Leaf[];
}

/** There are few of them, mostly one. */
function leavesIn(groups: LeafGroup[], prefix: string): Leaf[] {
  let group = groups.find((one) => one.prefix === prefix);
  if (group === undefined) {
    group = { prefix, leaves: [] };
    groups.push(group);
  }
  return group.leaves;
}

function inOrder(groups: readonly LeafGroup[]): readonly LeafGroup[] {
  return groups.length < 2 ? groups : groups.toSorted((a, b) => rankOf(a) - rankOf(b));
}

function rankOf({ prefix }: LeafGroup): number {
  const rank = ORDER.indexOf(prefix);
  return rank === -1 ? ORDER.length : rank;
}

function saysTokens([key]: Leaf): boolean {
  return SAYS_TOKENS.test(key);
}

const SAYS_TOKENS = /token/i;

function readObject(object: PlainObject): RawUsage {
  const counts = readCounts(leavesOf(object).filter(saysTokens));
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
