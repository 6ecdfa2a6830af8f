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
  if (areAllKept(numbers, isKept)) return toJson(numbers, changes);
  const kept = Object.entries(numbers).filter(([key, value]) => key !== '' && isKept(value));
  changes.note('number');
  return kept.length === 0 ? undefined : toJson(Object.fromEntries(kept), changes);
}

function areAllKept(numbers: Readonly<{ [key: string]: number }>, isKept: (value: unknown) => boolean): boolean {
  for (const key in numbers) if (key === '' || !isKept(numbers[key])) return false;
  return true;
}
