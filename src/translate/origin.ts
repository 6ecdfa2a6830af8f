import type { Attributes, ResourceData } from '../span.js';
import { firstText } from './attributes.js';

/** What a resource says for all its spans. */
interface Origin {
  readonly environment: string | undefined;
  readonly release: string | undefined;
  readonly version: string | undefined;
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
    environment: firstText(attributes, ...ENVIRONMENTS),
    release: firstText(attributes, 'langfuse.release'),
    version: firstText(attributes, 'service.version'),
  };
  origins.set(resource, origin);
  return origin;
}

/** A span may name its environment by the general keys as well. */
export function environmentIn(attributes: Attributes): string | undefined {
  return firstText(attributes, ...ENVIRONMENTS);
}
