import type { Attributes, ResourceData } from '../span.js';
import { firstText, firstTextOf } from './attributes.js';

/** What a resource says for all its spans. */
interface Origin {
  readonly environment: string | undefined;
  readonly release: string | undefined;
  readonly version: string | undefined;
  /** `langfuse.trace.metadata.*` of the resource, for every trace it has spans in. */
  readonly metadata: Readonly<{ [key: string]: unknown }> | undefined;
}

/** Newest name first; the second is the one before semantic conventions 1.27. */
const ENVIRONMENTS = ['langfuse.environment', 'deployment.environment.name', 'deployment.environment'] as const;

const origins = new WeakMap<ResourceData, Origin>();

/** Read once per resource: one serves all spans of a provider. */
export function originOf(resource: ResourceData): Origin {
  const known = origins.get(resource);
  if (known) return known;
  const { attributes } = resource;
  const origin = {
    environment: firstTextOf(attributes, ENVIRONMENTS),
    release: firstText(attributes, 'langfuse.release'),
    version: firstText(attributes, 'service.version'),
    metadata: metadataIn(attributes),
  };
  origins.set(resource, origin);
  return origin;
}

const METADATA = 'langfuse.trace.metadata.';

function metadataIn(attributes: Attributes): Origin['metadata'] {
  const keys = Object.keys(attributes).filter((key) => key.startsWith(METADATA));
  if (keys.length === 0) return undefined;
  return Object.fromEntries(keys.map((key) => [key.slice(METADATA.length), attributes[key]]));
}

export function isEnvironmentKey(key: string): boolean {
  return ENVIRONMENTS.some((name) => name === key);
}

/** A span may name its environment by the general keys as well. */
export function environmentIn(attributes: Attributes): string | undefined {
  return firstTextOf(attributes, ENVIRONMENTS);
}
