import type { Observation } from '../model.js';
import type { Json } from '../record.js';
import { isCost, isPromptVersion, isTokenCount, type WireChanges } from '../wire-rules.js';
import { toJson } from './json.js';

export function usageOf({ usage }: Observation, changes: WireChanges): Json | undefined {
  return numbersOf(usage, isTokenCount, changes);
}

export function costOf({ cost }: Observation, changes: WireChanges): Json | undefined {
  return numbersOf(cost, isCost, changes);
}

/** Only a name and a version together: servers lose an observation that has one of them. */
export function promptOf({ prompt }: Observation, changes: WireChanges): Observation['prompt'] {
  if (prompt === undefined || (isPromptVersion(prompt.version) && typeof prompt.name === 'string')) return prompt;
  changes.note('number');
  return undefined;
}

/** What the server would choke on is left out; a sum of counts may be larger than each of them may. */
function numbersOf(
  numbers: Readonly<{ [key: string]: number }> | undefined,
  isKept: (value: unknown) => boolean,
  changes: WireChanges,
): Json | undefined {
  if (numbers === undefined) return undefined;
  const kept = Object.entries(numbers).filter(([key, value]) => key !== '' && isKept(value));
  if (kept.length === Object.keys(numbers).length) return toJson(numbers, changes);
  changes.note('number');
  return kept.length === 0 ? undefined : toJson(Object.fromEntries(kept), changes);
}
