import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const ROOMS = ['options', 'otel', 'intake', 'translate', 'redact', 'encode', 'spool', 'delivery', 'http'] as const;
/** Between the rooms and the pipeline: each knows those before it, and the last two not each other. */
const STOREYS = ['preparation', 'assembly', 'lifecycle', 'explain'] as const;

/** Lints a source tree that exists only for the test, and says which of its files are red, by what rule. */
function redFiles(sources: Readonly<Record<string, string>>): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'import-rules-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  copyFileSync(join(ROOT, 'biome.json'), join(directory, 'biome.json'));
  for (const [file, code] of Object.entries(sources)) {
    mkdirSync(join(directory, dirname(file)), { recursive: true });
    writeFileSync(join(directory, file), code);
  }
  const rules = ['--only=style/noRestrictedImports', '--only=suspicious/noImportCycles'];
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(ROOT, 'node_modules/@biomejs/biome/bin/biome'),
      ...['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', ...rules, '.'],
    ],
    { cwd: directory, encoding: 'utf8' },
  );
  const { summary, diagnostics } = JSON.parse(stdout) as {
    readonly summary: { readonly errors: number };
    readonly diagnostics: readonly { readonly category: string; readonly location: { readonly path: string } }[];
  };
  if (summary.errors !== diagnostics.length) throw new Error(`Biome said more than it listed: ${stderr}`);
  return diagnostics.map(({ category, location }) => `${location.path} ${category.split('/').at(-1)}`).sort();
}

const importing = (specifier: string): string => `import { thing } from '${specifier}';\nexport const copy = thing;\n`;
const restricted = (file: string): string => `${file} noRestrictedImports`;

describe('the import rules', () => {
  it('keep every room from every other one', () => {
    const pairs = ROOMS.flatMap((from) => ROOMS.filter((to) => to !== from).map((to) => [from, to] as const));
    // otel/ hands the options on, so it knows their type.
    const forbidden = pairs.filter(([from, to]) => !(from === 'otel' && to === 'options'));
    const sources = Object.fromEntries(
      pairs.map(([from, to]) => [`src/${from}/to-${to}.ts`, importing(`../${to}/thing.js`)]),
    );
    expect(redFiles(sources)).toEqual(forbidden.map(([from, to]) => restricted(`src/${from}/to-${to}.ts`)).sort());
  });

  it('keep every room, and what every room may use, from the composition root', () => {
    const folders = [...ROOMS, 'runtime', 'ledger'];
    const sources = Object.fromEntries(
      folders.flatMap((folder) =>
        [...STOREYS.map((storey) => `${storey}/thing`), 'pipeline', 'destination', 'cli/main'].map((root) => [
          `src/${folder}/to-${root.replace('/', '-')}.ts`,
          importing(`../${root}.js`),
        ]),
      ),
    );
    // The front door: the only file of a room that opens a destination.
    const frontDoor = { 'src/otel/span-processor.ts': importing('../destination.js') };
    expect(redFiles({ ...sources, ...frontDoor })).toEqual(Object.keys(sources).map(restricted).sort());
  });

  it('keep every storey from those above it', () => {
    const above = [...STOREYS.map((storey) => `${storey}/thing`), 'pipeline', 'destination'];
    const pairs = (['preparation', 'assembly'] as const).flatMap((storey, n) =>
      above.slice(n + 1).map((root) => [`src/${storey}/to-${root.replace('/', '-')}.ts`, importing(`../${root}.js`)]),
    );
    const below = { 'src/assembly/to-preparation.ts': importing('../preparation/thing.js') };
    expect(redFiles({ ...Object.fromEntries(pairs), ...below })).toEqual(
      pairs.map(([file]) => restricted(file ?? '')).sort(),
    );
  });

  it('let rooms meet in nouns, verbs, errors, runtime and ledger', () => {
    const shared = ['../model.js', '../ports.js', '../errors.js', '../runtime/clock.js', '../ledger/ledger.js'];
    const sources = Object.fromEntries(
      ROOMS.flatMap((room) => shared.map((specifier, n) => [`src/${room}/shared-${n}.ts`, importing(specifier)])),
    );
    expect(redFiles(sources)).toEqual([]);
  });

  it('let only http/ talk to the network', () => {
    const folders = [...[...ROOMS, ...STOREYS].map((room) => `${room}/`), 'runtime/', 'ledger/', 'cli/', ''];
    const sources = Object.fromEntries(folders.map((folder) => [`src/${folder}net.ts`, importing('undici')]));
    const red = folders.filter((folder) => folder !== 'http/').map((folder) => restricted(`src/${folder}net.ts`));
    expect(redFiles(sources)).toEqual(red.sort());
  });

  it('let nothing of OpenTelemetry but its API into the package', () => {
    const sdk = ['@opentelemetry/sdk-trace-base', '@opentelemetry/core', '@opentelemetry/resources'];
    const folders = [...[...ROOMS, ...STOREYS].map((room) => `${room}/`), 'runtime/', 'ledger/', 'cli/', ''];
    const forbidden = Object.fromEntries(
      folders.flatMap((folder) => sdk.map((name, n) => [`src/${folder}sdk-${n}.ts`, importing(name)])),
    );
    const allowed = Object.fromEntries(
      folders.map((folder) => [`src/${folder}api.ts`, importing('@opentelemetry/api')]),
    );
    expect(redFiles({ ...forbidden, ...allowed })).toEqual(Object.keys(forbidden).map(restricted).sort());
  });

  it('see a cycle', () => {
    const sources = { 'src/http/one.ts': importing('./two.js'), 'src/http/two.ts': importing('./one.js') };
    expect(redFiles(sources)).toEqual(['src/http/one.ts noImportCycles', 'src/http/two.ts noImportCycles']);
  });
});
