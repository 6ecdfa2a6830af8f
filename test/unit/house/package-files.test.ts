import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const BESIDES_DIST = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'];

interface Packed {
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

function pack(): Packed {
  const args = ['pack', '--json', '--dry-run', '--ignore-scripts'];
  const stdout = execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [packed] = JSON.parse(stdout) as readonly Packed[];
  if (packed === undefined) throw new Error(`npm packed nothing: ${stdout}`);
  return packed;
}

describe('the published package', () => {
  const { size, unpackedSize, files } = pack();
  const paths = files.map(({ path }) => path);

  it('holds the build of every source file in both module systems, and what a reader needs', () => {
    const modules = readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => file.slice(0, -'.ts'.length));
    const built = ['esm', 'cjs'].flatMap((kind) =>
      modules.flatMap((module) => ['.js', '.js.map', '.d.ts'].map((ending) => `dist/${kind}/${module}${ending}`)),
    );
    expect(paths.toSorted()).toEqual([...BESIDES_DIST, ...built, 'dist/cjs/package.json'].sort());
  });

  it('says what kind of modules each half has', () => {
    const typeIn = (file: string): unknown => JSON.parse(readFileSync(`${ROOT}${file}`, 'utf8')).type;
    expect([typeIn('package.json'), typeIn('dist/cjs/package.json')]).toEqual(['module', 'commonjs']);
  });

  it('is small enough not to be thought about', () => {
    // Two builds, for both module systems; three fifths are source maps with their sources, for stack traces that are read.
    expect(size).toBeLessThan(1_200_000);
    expect(unpackedSize).toBeLessThan(8_000_000);
  });
});
