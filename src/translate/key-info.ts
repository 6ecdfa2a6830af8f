import type { SpanData } from '../span.js';
import { CONVENTIONS } from './conventions/index.js';
import { isTranslatedByLangfuse } from './conventions/langfuse.js';
import { isIdentityKey } from './identity.js';
import { isEnvironmentKey } from './origin.js';
import { isSharedMetadataKey } from './shared-metadata.js';

/** What is read from spans of all conventions alike, in bits. */
export const TELLS = { identity: 1, environment: 2, sharedMetadata: 4 } as const;

/** What an attribute key means, whatever span it is on. */
export interface KeyInfo {
  /** One bit for each convention that owns it, by its place in the list. */
  readonly conventions: number;
  /** Bits of `TELLS`. */
  readonly tells: number;
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
  const info = { conventions, tells: tellsOf(key), isTranslated };
  if (known.size < MAX_CACHED) known.set(key, info);
  return info;
}

function tellsOf(key: string): number {
  return (
    (isIdentityKey(key) ? TELLS.identity : 0) |
    (isEnvironmentKey(key) ? TELLS.environment : 0) |
    (isSharedMetadataKey(key) ? TELLS.sharedMetadata : 0)
  );
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

/**
 * What there is to read on a span, found in one pass over its keys: most spans have little, and nobody looks for the
 * rest. A bit for each convention that owns its tracer, an attribute or an event of it; and for what its attributes tell.
 */
export function askedOf({ scope, attributes, events }: SpanData): Omit<KeyInfo, 'isTranslated'> {
  let conventions = scopeConventions(scope.name);
  let tells = 0;
  for (const key in attributes) {
    const info = keyInfo(key);
    conventions |= info.conventions;
    tells |= info.tells;
  }
  // Content may be in span events alone.
  for (const { name } of events) conventions |= keyInfo(name).conventions;
  return { conventions, tells };
}
