import { CONVENTIONS } from './conventions/index.js';
import { isTranslatedByLangfuse } from './conventions/langfuse.js';

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
  let isTranslated = isTranslatedByLangfuse(key);
  CONVENTIONS.forEach((convention, place) => {
    if (!convention.owns(key)) return;
    conventions |= 1 << place;
    isTranslated ||= convention.translates?.(key) === true;
  });
  const info = { conventions, isTranslated };
  if (known.size < MAX_CACHED) known.set(key, info);
  return info;
}

const knownScopes = new Map<string, number>();

/** The conventions that read every span of a tracer, in bits as above. */
export function scopeConventions(name: string): number {
  const cached = knownScopes.get(name);
  if (cached !== undefined) return cached;
  let conventions = 0;
  CONVENTIONS.forEach((convention, place) => {
    if (convention.isScope?.(name) === true) conventions |= 1 << place;
  });
  if (knownScopes.size < MAX_CACHED) knownScopes.set(name, conventions);
  return conventions;
}
