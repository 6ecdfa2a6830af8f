import type { Attributes } from '../span.js';
import { isObject, objectOf } from './attributes.js';

const WHOLE = 'langfuse.metadata';
const PREFIXES = [`${WHOLE}.`, 'ai.telemetry.metadata.', 'ai.settings.context.'] as const;

/** What the AI SDK's metadata says in fields of their own. */
const OWN_FIELD: ReadonlySet<string> = new Set(['userId', 'sessionId', 'tags', 'langfusePrompt']);

/**
 * Metadata that is meant for the trace as well as for the span that has it: applications give it to a call deep inside
 * and look for it on the trace.
 */
export function sharedMetadata(attributes: Attributes): Readonly<{ [key: string]: unknown }> | undefined {
  const whole = objectOf(attributes[WHOLE]);
  let shared: { [key: string]: unknown } | undefined = isObject(whole) ? { ...whole } : undefined;
  for (const key in attributes) {
    const prefix = prefixOf(key);
    if (prefix === undefined) continue;
    const name = key.slice(prefix.length);
    if (OWN_FIELD.has(name) && prefix !== PREFIXES[0]) continue;
    shared ??= {};
    shared[name] ??= attributes[key];
  }
  return shared;
}

export function isSharedMetadataKey(key: string): boolean {
  return key === WHOLE || prefixOf(key) !== undefined;
}

function prefixOf(key: string): string | undefined {
  return PREFIXES.find((prefix) => key.startsWith(prefix));
}
