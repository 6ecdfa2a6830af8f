import { z } from 'zod';
import type { Profile } from '../profiles.js';

type Numbers = Readonly<Record<string, number>>;

const count = z.int().nonnegative();
const IGNORED = z
  .unknown()
  .transform(() => undefined)
  .optional();

/** OpenAI counts cached and reasoning tokens inside the totals; Langfuse wants buckets that add up. */
function openAiUsage(input: string, output: string, total: string, detail: z.ZodType<number | null>): z.ZodType {
  const details = z.record(z.string(), detail).nullish();
  return z
    .strictObject({
      [input]: count,
      [output]: count,
      [total]: count,
      [`${input}_details`]: details,
      [`${output}_details`]: details,
    })
    .transform((usage: Record<string, unknown>) => ({
      input: remainder(usage[input], usage[`${input}_details`]),
      output: remainder(usage[output], usage[`${output}_details`]),
      total: usage[total],
      ...prefixed('input_', usage[`${input}_details`]),
      ...prefixed('output_', usage[`${output}_details`]),
    }));
}

const chatUsage = openAiUsage('prompt_tokens', 'completion_tokens', 'total_tokens', count.nullable());
const responsesUsage = openAiUsage('input_tokens', 'output_tokens', 'total_tokens', count.nullable());

/** Before 3.42 and 3.44.1: no Responses usage, no `null` among the details. */
const oldChatUsage = openAiUsage('prompt_tokens', 'completion_tokens', 'total_tokens', count as z.ZodType<number>);

export function usageDetailsSchema(rule: Profile['usageDetails']): z.ZodType {
  switch (rule) {
    case 'ignored':
      return IGNORED;
    case 'numbers':
      return z
        .union([oldChatUsage, z.record(z.string(), z.number().nonnegative().nullish()).transform(numbersOf)])
        .nullish();
    case 'integers':
      return z.union([chatUsage, responsesUsage, z.record(z.string(), count.nullish()).transform(numbersOf)]).nullish();
    case 'lenient':
      return z.union([chatUsage, responsesUsage, z.record(z.string(), z.unknown()).transform(lenientCounts)]).nullish();
    default:
      return rule satisfies never;
  }
}

export function costDetailsSchema(rule: Profile['usageDetails']): z.ZodType {
  switch (rule) {
    case 'ignored':
      return IGNORED;
    case 'numbers':
    case 'integers':
      return z.record(z.string(), z.number().nonnegative().nullish()).transform(numbersOf).nullish();
    case 'lenient':
      return z.record(z.string(), z.unknown()).transform(lenientCosts).nullish();
    default:
      return rule satisfies never;
  }
}

const UNITS = ['CHARACTERS', 'TOKENS', 'SECONDS', 'MILLISECONDS', 'IMAGES', 'REQUESTS'] as const;
const anyCost = z.number().nullish();

/** The usage of the first SDKs; the names of OpenAI replace the others, costs included. */
export function oldUsageSchema(validator: Profile['validator']): z.ZodType {
  // zod 4 takes only integers that JavaScript counts exactly, zod 3 any.
  const integer = validator === 'zod 4' ? z.int() : z.number().refine((value) => Number.isInteger(value));
  const tokens = integer.nullish();
  return z
    .object({
      input: tokens,
      output: tokens,
      total: tokens,
      unit: z.enum(UNITS).nullish(),
      inputCost: anyCost,
      outputCost: anyCost,
      totalCost: anyCost,
      promptTokens: tokens,
      completionTokens: tokens,
      totalTokens: tokens,
    })
    .transform(({ promptTokens, completionTokens, totalTokens, ...usage }) =>
      promptTokens || completionTokens || totalTokens
        ? { input: promptTokens, output: completionTokens, total: totalTokens, unit: 'TOKENS' }
        : usage,
    )
    .nullish();
}

function remainder(whole: unknown, details: unknown): number {
  const parts = Object.values(numbersOf(details)).reduce((sum, part) => sum + part, 0);
  return Math.max(0, Number(whole) - parts);
}

function prefixed(prefix: string, details: unknown): Numbers {
  return Object.fromEntries(Object.entries(numbersOf(details)).map(([key, value]) => [`${prefix}${key}`, value]));
}

function numbersOf(map: unknown): Numbers {
  const entries = Object.entries(map ?? {});
  return Object.fromEntries(entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}

/** Whole numbers from 0 on, and text that starts with one; the rest is dropped without a word. */
function lenientCounts(map: Record<string, unknown>): Numbers {
  const entries = Object.entries(map).map(([key, value]) => [
    key,
    typeof value === 'string' ? Number.parseInt(value, 10) : value,
  ]);
  return Object.fromEntries(entries.filter(([, value]) => Number.isInteger(value) && Number(value) >= 0));
}

function lenientCosts(map: Record<string, unknown>): Numbers {
  return Object.fromEntries(Object.entries(numbersOf(map)).filter(([, value]) => value >= 0));
}
