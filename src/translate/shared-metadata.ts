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

/** Most keys are told by their first letter. */
function prefixOf(key: string): string | undefined {
  const [metadata, telemetry, context] = PREFIXES;
  const first = key.charCodeAt(0);
  if (first === 0x6c /* l */) return key.startsWith(metadata) ? metadata : undefined;
  if (first !== 0x61 /* a */) return undefined;
  if (key.startsWith(telemetry)) return telemetry;
  return key.startsWith(context) ? context : undefined;
}
