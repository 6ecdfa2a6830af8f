import { CONVENTIONS } from './conventions/index.js';
import { isTranslatedByLangfuse } from './conventions/langfuse.js';
import { isAssociationProperty } from './conventions/openllmetry.js';
import { isAiSdkContext } from './conventions/vercel-ai.js';

/** What an attribute key means, whatever span it is on. */
export interface KeyInfo {
  /** One bit for each convention that owns it, by its place in the list. */
  readonly conventions: number;
  /** Has a field of its own in every observation, so it need not be kept as an attribute. */
  readonly isTranslated: boolean;
}

/** Keys repeat from span to span; invented ones must not fill the memory. */
const MAX_CACHED = 4096;
const known = new Map<string, KeyInfo>();

export function keyInfo(key: string): KeyInfo {
  const cached = known.get(key);
  if (cached !== undefined) return cached;
  let conventions = 0;
  CONVENTIONS.forEach(({ owns }, place) => {
    if (owns(key)) conventions |= 1 << place;
  });
  const isTranslated = isTranslatedByLangfuse(key) || isAiSdkContext(key) || isAssociationProperty(key);
  const info = { conventions, isTranslated };
  if (known.size < MAX_CACHED) known.set(key, info);
  return info;
}
