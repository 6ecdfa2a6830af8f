import type { Observation } from '../model.js';
import type { ResourceData, ScopeData } from '../span.js';
import type { Masking } from './masking.js';
import { maskBag } from './places.js';

type Shared = Pick<Observation, 'resource' | 'scope'>;

/** Resources and scopes are the same for many spans, and are asked about once, unless a mask failed. */
export class SharedMasks {
  readonly #resources = new WeakMap<ResourceData, ResourceData>();
  readonly #scopes = new WeakMap<ScopeData, ScopeData>();

  /** @returns both, masked as soon as `masking` has its answers, and what remembers them then. */
  mask({ resource, scope }: Shared, masking: Masking): { readonly shared: Shared; readonly remember: () => void } {
    const shared = {
      resource: this.#resources.get(resource) ?? maskResource(resource, masking),
      scope: this.#scopes.get(scope) ?? maskScope(scope, masking),
    };
    const remember = (): void => {
      this.#resources.set(resource, shared.resource);
      this.#scopes.set(scope, shared.scope);
    };
    return { shared, remember };
  }
}

function maskResource({ attributes }: ResourceData, masking: Masking): ResourceData {
  return { attributes: maskBag('metadata.resourceAttributes', attributes, masking) };
}

function maskScope({ name, version, attributes }: ScopeData, masking: Masking): ScopeData {
  const copy: { name: string; version: string | undefined; attributes: ScopeData['attributes'] } = {
    name,
    version,
    attributes: attributes && maskBag('metadata.scope.attributes', attributes, masking),
  };
  if (name !== '') {
    masking.name('metadata.scope.name', name, (masked) => {
      copy.name = masked;
    });
  }
  masking.identifier('metadata.scope.version', version, (masked) => {
    copy.version = masked;
  });
  return copy;
}
