/** What every chat and Responses call costs, whatever was asked: tests compare what arrives at Langfuse with this. */
export interface TokenTruth {
  /** Cached tokens included, as OpenAI counts. */
  readonly input: number;
  readonly cached: number;
  /** Reasoning tokens included. */
  readonly output: number;
  readonly reasoning: number;
  readonly total: number;
}

export const CHAT_TOKENS: TokenTruth = { input: 1187, cached: 1024, output: 342, reasoning: 0, total: 1529 };
export const REASONING_CHAT_TOKENS: TokenTruth = { ...CHAT_TOKENS, reasoning: 128 };
export const EMBEDDING_TOKENS_PER_TEXT = 19;
export const EMBEDDING_DIMENSIONS = 4;

/** Only reasoning models report reasoning tokens. */
export function tokensOf(model: string): TokenTruth {
  return /^(gpt-5|o\d)/.test(model) ? REASONING_CHAT_TOKENS : CHAT_TOKENS;
}

/** Seconds since the epoch, in every answer: apart from ids, the same question always gets the same bytes. */
export const CREATED_AT_SECONDS = 1_760_000_000;
