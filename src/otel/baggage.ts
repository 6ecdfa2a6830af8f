import { type Context, propagation } from '@opentelemetry/api';
import { LANGFUSE } from '../attribute-keys.js';
import { PROPAGATED } from './propagated.js';

const PREFIX = 'langfuse_';
const METADATA = 'metadata_';

/** Longer values `@langfuse/core` does not propagate either; and a caller elsewhere decides what stands here. */
const MAX_LENGTH = 200;
const MAX_ENTRIES = 64;

/**
 * What another process put into the baggage with `propagateAttributes({ …, asBaggage: true })`, as attributes.
 * Whoever can call the application can write it, so it is read only where the application says that it is trusted.
 */
export function attributesInBaggage(context: Context): Readonly<{ [key: string]: unknown }> | undefined {
  const entries = propagation.getBaggage(context)?.getAllEntries();
  if (entries === undefined) return undefined;
  let attributes: { [key: string]: unknown } | undefined;
  for (const [key, { value }] of entries.slice(0, MAX_ENTRIES)) {
    if (!key.startsWith(PREFIX) || value === '' || value.length > MAX_LENGTH) continue;
    const attribute = attributeFor(key.slice(PREFIX.length));
    if (attribute === undefined) continue;
    attributes ??= {};
    attributes[attribute] = attribute === LANGFUSE.traceTags ? value.split(',') : value;
  }
  return attributes;
}

function attributeFor(name: string): string | undefined {
  if (name.startsWith(METADATA)) return `${LANGFUSE.traceMetadata}.${name.slice(METADATA.length)}`;
  return name === 'metadata' || !Object.hasOwn(PROPAGATED, name) ? undefined : PROPAGATED[name];
}
