import type { IngestionEvent } from '../model.js';
import type { Profile } from '../profiles.js';
import { isObject, lastFilled } from './field-rules.js';

type Numbers = Readonly<Record<string, number>>;

const LARGEST_COST = 999_999.999999;

/** Token counts with their total: the one that was sent, else the sum of the buckets. */
export function mergedUsage(events: readonly IngestionEvent[]): Numbers {
  const usage = lastFilled(
    events.map(({ body }) => ({ ...oldUsage(body['usage']), ...numbers(body['usageDetails']) })),
  );
  if (!usage) return {};
  if ('total' in usage) return usage;
  return { ...usage, total: sum(Object.values(usage)) };
}

/** Costs as sent; prices are not the stand-in's business. */
export function mergedCosts(events: readonly IngestionEvent[], profile: Profile): Numbers {
  const costs = lastFilled(events.map(({ body }) => ({ ...oldCosts(body['usage']), ...numbers(body['costDetails']) })));
  return costs ? withTotalCost(costs, profile) : {};
}

/** Without a total the server adds up input and output only, and only when there is nothing else. */
export function withTotalCost(costs: Numbers, profile: Profile): Numbers {
  const canAdd = !('total' in costs) && Object.keys(costs).every((key) => key === 'input' || key === 'output');
  const all = canAdd ? { ...costs, total: sum(Object.values(costs)) } : costs;
  const limit = profile.largeCosts === 'clamped' ? LARGEST_COST : Number.POSITIVE_INFINITY;
  return Object.fromEntries(Object.entries(all).map(([key, cost]) => [key, toTwelveDigits(Math.min(cost, limit))]));
}

/** The scale of the column. */
function toTwelveDigits(cost: number): number {
  return Math.round(cost * 1e12) / 1e12;
}

function oldUsage(usage: unknown): Numbers {
  const { input, output, total } = numbers(usage);
  const given = numbers({ input, output, total });
  if (total !== undefined || Object.keys(given).length === 0) return given;
  return { ...given, total: sum(Object.values(given)) };
}

function oldCosts(usage: unknown): Numbers {
  const { inputCost, outputCost, totalCost } = numbers(usage);
  return numbers({ input: inputCost, output: outputCost, total: totalCost });
}

function numbers(map: unknown): Numbers {
  if (!isObject(map)) return {};
  return Object.fromEntries(
    Object.entries(map).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
