import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const FILE = new URL('../../../package-lock.json', import.meta.url);
const { packages } = JSON.parse(readFileSync(FILE, 'utf8')) as { readonly packages: Readonly<Record<string, Locked>> };

describe('the lock file', () => {
  it('names no registry, so that everybody installs from their own', () => {
    const addresses = Object.values(packages).flatMap(({ resolved, link }) => (resolved && !link ? [resolved] : []));
    expect(addresses).toEqual([]);
  });

  // Made where a registry holds builds for some platforms only, it lacks the others, and `npm ci` refuses it.
  it('holds every platform of every native tool', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !packages[`${path}/node_modules/${name}`]?.version && !packages[`node_modules/${name}`]?.version,
      ),
    );
    expect(missing).toEqual([]);
  });
});
