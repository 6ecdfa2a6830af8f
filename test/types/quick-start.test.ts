import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { readmeBlock } from '../support/readme.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What the compiler of a strict application says; '' when it has nothing to object. */
function complaints(moduleKind: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(join(ROOT, 'temp'), { recursive: true });
  const directory = mkdtempSync(join(ROOT, 'temp', 'types-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const [name, code] of Object.entries(files)) writeFileSync(join(directory, name), code);
  const compilerOptions = {
    module: moduleKind,
    moduleResolution: moduleKind,
    target: 'es2022',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    allowJs: true,
    checkJs: true,
    noEmit: true,
    types: ['node'],
  };
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['.'] }));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', directory],
    {
      encoding: 'utf8',
    },
  );
  return status === 0 ? '' : stdout + stderr;
}

it.each(['nodenext', 'node16'])('the quick start compiles in a strict application on %s', (moduleKind) => {
  const files = {
    'tracing.mts': readmeBlock('tracing.mjs'),
    'tracing.mjs': readmeBlock('tracing.mjs'),
    'tracing.cjs': readmeBlock('tracing.cjs'),
  };
  expect(complaints(moduleKind, files)).toBe('');
});

it('the compiler would object to an option of the wrong type', () => {
  const wrong = readmeBlock('tracing.mjs').replace('process.env.LANGFUSE_PUBLIC_KEY', '42');
  expect(complaints('nodenext', { 'tracing.mts': wrong })).toContain("'number' is not assignable to type 'string'");
});
