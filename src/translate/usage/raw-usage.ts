/** Counts as a provider or an instrumentation states them; absent where nobody said. */
export interface RawUsage {
  input?: number | undefined;
  output?: number | undefined;
  total?: number | undefined;
  cacheRead?: number | undefined;
  cacheWrite?: number | undefined;
  /** Parts of `cacheWrite` by how long the entry lives: Anthropic charges an hour more than five minutes. */
  cacheWrite5m?: number | undefined;
  cacheWrite1h?: number | undefined;
  reasoning?: number | undefined;
  audioInput?: number | undefined;
  audioOutput?: number | undefined;
  /** What a tool of the provider (search, code) added to the prompt, beside `input` (Gemini). */
  toolInput?: number | undefined;
  /** Input without what concerns the cache, and output without reasoning: they tell what the wholes include. */
  uncached?: number | undefined;
  text?: number | undefined;
  /** The source is known to leave cached tokens out of `input`. */
  isInputExclusive?: boolean | undefined;
  /** The source is known to leave reasoning tokens out of `output`. */
  isOutputExclusive?: boolean | undefined;
  /** What a stated total has more than the parts is reasoning (Gemini, xAI). */
  isRestReasoning?: boolean | undefined;
  /** Less than nothing was stated for one of them, which no server keeps. */
  isPartLeftOut?: boolean | undefined;
}

/** Those fields that are counts. */
export type CountName = Exclude<keyof RawUsage, `is${string}`>;

export const COUNTS: readonly CountName[] = [
  'input',
  'output',
  'total',
  'cacheRead',
  'cacheWrite',
  'cacheWrite5m',
  'cacheWrite1h',
  'reasoning',
  'audioInput',
  'audioOutput',
  'toolInput',
  'uncached',
  'text',
];

type FlagName = Exclude<keyof RawUsage, CountName>;

export const FLAGS: readonly FlagName[] = ['isInputExclusive', 'isOutputExclusive', 'isRestReasoning'];

/** Whether it says how many tokens went in or out, not only what they were made of. */
export function hasWholes({ input, output }: RawUsage): boolean {
  return input !== undefined || output !== undefined;
}
