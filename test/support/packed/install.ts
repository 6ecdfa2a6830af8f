import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Applications with the packed package installed, by the OpenTelemetry SDK that they have beside it. */
    packedApps: { readonly sdk2: string; readonly sdk3: string };
  }
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'packed-'));

/**
 * Once per run: packs what `npm run build` made and installs it as users do, without a network. OpenTelemetry is the
 * repository's, seen from the application as the peer it has anyway: one copy for the package and for the SDK.
 */
export function setup(project: TestProject): void {
  const tarball = pack();
  const sdk2 = join(directory, 'sdk2');
  const sdk3 = join(directory, 'sdk3');
  mkdirSync(sdk2);
  writeFileSync(join(sdk2, 'package.json'), JSON.stringify({ private: true }));
  const undici = join(ROOT, 'node_modules/undici');
  npm(sdk2, 'install', '--offline', '--legacy-peer-deps', '--install-links', '--ignore-scripts', tarball, undici);
  cpSync(join(ROOT, 'test/process/apps'), sdk2, { recursive: true });
  cpSync(sdk2, sdk3, { recursive: true });
  symlinkSync(join(ROOT, 'node_modules/@opentelemetry'), join(sdk2, 'node_modules/@opentelemetry'));
  symlinkSync(join(ROOT, 'test/otel3/node_modules/@opentelemetry'), join(sdk3, 'node_modules/@opentelemetry'));
  project.provide('packedApps', { sdk2, sdk3 });
}

export function teardown(): void {
  rmSync(directory, { recursive: true });
}

function pack(): string {
  const stdout = npm(ROOT, 'pack', '--json', '--ignore-scripts', '--pack-destination', directory);
  const [packed] = JSON.parse(stdout) as readonly { readonly filename: string }[];
  if (packed === undefined) throw new Error(`npm packed nothing: ${stdout}`);
  return join(directory, packed.filename);
}

function npm(cwd: string, ...args: readonly string[]): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
