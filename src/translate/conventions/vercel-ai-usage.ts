import type { Attributes } from '../../span.js';
import { firstNumber, firstText, objectOf, type PlainObject } from '../attributes.js';
import type { Draft } from '../draft.js';

/** Where each version, and within a version each function, puts its counts. */
export function readAiSdkUsage(attributes: Attributes, draft: Draft): void {
  const { usage } = draft;
  usage.input ??= firstNumber(
    attributes,
    'ai.usage.inputTokens',
    'ai.usage.promptTokens',
    'gen_ai.usage.input_tokens',
    'gen_ai.usage.prompt_tokens',
    'ai.usage.input_tokens',
  );
  usage.output ??= firstNumber(
    attributes,
    'ai.usage.outputTokens',
    'ai.usage.completionTokens',
    'gen_ai.usage.output_tokens',
    'gen_ai.usage.completion_tokens',
    'ai.usage.output_tokens',
  );
  usage.total ??= firstNumber(attributes, 'ai.usage.totalTokens', 'ai.usage.tokens');
  usage.cacheRead ??= firstNumber(
    attributes,
    'ai.usage.inputTokenDetails.cacheReadTokens',
    'ai.usage.cachedInputTokens',
  );
  usage.cacheWrite ??= firstNumber(attributes, 'ai.usage.inputTokenDetails.cacheWriteTokens');
  usage.reasoning ??= firstNumber(
    attributes,
    'ai.usage.outputTokenDetails.reasoningTokens',
    'ai.usage.reasoningTokens',
  );
  const provider = objectOf(attributes['ai.response.providerMetadata']);
  if (provider) readProvider(provider, draft);
  usage.isInputExclusive ??= isAnthropicBefore6(attributes);
}

/** What the provider said beside the counts, which AI SDK 4 and 5 do not read out. */
function readProvider(provider: PlainObject, { usage }: Draft): void {
  const openai = objectOf(provider['openai']) ?? objectOf(provider['azure']) ?? {};
  usage.cacheRead ??= firstNumber(openai, 'cachedPromptTokens');
  usage.reasoning ??= firstNumber(openai, 'reasoningTokens');
  const anthropic = objectOf(provider['anthropic']) ?? {};
  const counts = objectOf(anthropic['usage']) ?? {};
  usage.cacheRead ??= firstNumber(counts, 'cache_read_input_tokens') ?? firstNumber(anthropic, 'cacheReadInputTokens');
  usage.cacheWrite ??=
    firstNumber(counts, 'cache_creation_input_tokens') ?? firstNumber(anthropic, 'cacheCreationInputTokens');
  const bedrock = objectOf(objectOf(provider['bedrock'])?.['usage']) ?? {};
  usage.cacheRead ??= firstNumber(bedrock, 'cacheReadInputTokens');
  usage.cacheWrite ??= firstNumber(bedrock, 'cacheWriteInputTokens', 'cacheCreationInputTokens');
  const google = objectOf(objectOf(provider['google'])?.['usageMetadata']) ?? {};
  usage.cacheRead ??= firstNumber(google, 'cachedContentTokenCount');
  usage.reasoning ??= firstNumber(google, 'thoughtsTokenCount');
}

/** AI SDK 4 and 5 hand on Anthropic's own count, without what came from the cache; 6 adds it (and has the details). */
function isAnthropicBefore6(attributes: Attributes): boolean | undefined {
  if (!firstText(attributes, 'ai.model.provider', 'gen_ai.system')?.startsWith('anthropic')) return undefined;
  return attributes['ai.usage.inputTokenDetails.noCacheTokens'] === undefined ? true : undefined;
}
