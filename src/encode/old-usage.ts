import type { Json, ObservationRecord } from '../record.js';
import { isTokenCount } from '../wire-rules.js';

/**
 * `usage` as servers before 3.2.0 know it: whole counts of input and output, where our buckets are disjoint parts.
 * They ignore `usageDetails` and would count the tokens of the text by themselves.
 */
export function oldUsageOf({ usage, cost }: ObservationRecord): Json | undefined {
  const tokens = usage === undefined ? {} : (JSON.parse(usage) as { readonly [key: string]: number });
  const costs = cost === undefined ? {} : (JSON.parse(cost) as { readonly [key: string]: number });
  const input = sumOfKeys(tokens, 'input');
  const output = sumOfKeys(tokens, 'output');
  const total =
    tokens['total'] ?? (input === undefined && output === undefined ? undefined : (input ?? 0) + (output ?? 0));
  const isSound = [input, output, total].every((count) => count === undefined || isTokenCount(count));
  const fields = isSound
    ? { input, output, total, unit: total === undefined ? undefined : 'TOKENS', totalCost: costs['total'] }
    : { totalCost: costs['total'] };
  const json = JSON.stringify(fields);
  return json === '{}' ? undefined : json;
}

function sumOfKeys(counts: { readonly [key: string]: number }, part: string): number | undefined {
  let sum: number | undefined;
  for (const key in counts) if (key.includes(part)) sum = (sum ?? 0) + (counts[key] ?? 0);
  return sum;
}
