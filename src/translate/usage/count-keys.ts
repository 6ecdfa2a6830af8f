/** `gen_ai.usage.input_tokens`: the prefix names who counts, the rest what is counted. */
const COUNT_KEY = /^((?:.*\.)?(?:usage|token_usage|token_count))\.(.+)$/;
/** Semantic Kernel, before it followed the conventions. */
const RESPONSE_KEY = /^(gen_ai\.response)\.((?:prompt|completion|total)_tokens)$/;
/** A whole usage object, as JSON text or as a structure. */
const USAGE_KEY =
  /(?:^|[._])(?:usage|usage_metadata|usageMetadata|tokenUsage|token_usage)$|^(?:lk\.[a-z_]+_metrics|langwatch\.metrics)$/;
/** Langfuse's own are stated outright; what the application attached to the call is not about the call. */
const OTHERS = /^langfuse\.|(?:^|\.)(?:metadata|properties|settings)\./;

/** What an attribute's key says of the tokens in its value: one thing counted, or a whole account. */
export type CountKey = { readonly prefix: string; readonly name: string } | 'account' | undefined;

/** Keys repeat from span to span; invented ones must not fill the memory. */
const MAX_CACHED = 4096;
const known = new Map<string, CountKey>();

/** Undefined for most keys, which are about something else. */
export function countKey(key: string): CountKey {
  const cached = known.get(key);
  if (cached !== undefined || known.has(key)) return cached;
  const meaning = OTHERS.test(key) ? undefined : read(key);
  if (known.size < MAX_CACHED) known.set(key, meaning);
  return meaning;
}

function read(key: string): CountKey {
  if (!/usage|token|metrics/i.test(key)) return undefined;
  const [, prefix, name] = COUNT_KEY.exec(key) ?? RESPONSE_KEY.exec(key) ?? [];
  if (prefix !== undefined && name !== undefined) return { prefix, name };
  return USAGE_KEY.test(key) ? 'account' : undefined;
}
