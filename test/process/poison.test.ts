import { describe, expect, it, onTestFinished } from 'vitest';
import type { ExporterStatus } from '../../src/index.js';
import { type Receiver, startReceiver } from '../support/outside/receiver.js';
import { runApp } from '../support/packed/run-app.js';

/** `npm run test:poison` asks for more. */
const ROUNDS = Number(process.env['POISON_ROUNDS'] ?? 1);
const FIRST_SEED = Number(process.env['POISON_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const SPANS = 300;
const VERSIONS = ['2.95.12', '3.37.0', '3.225.4', '4.16.0'];

async function receiving(
  version: string,
  maxBytes?: number,
): Promise<{ readonly receiver: Receiver; readonly env: Record<string, string> }> {
  const receiver = await startReceiver(version, maxBytes);
  onTestFinished(() => receiver.close());
  const env = {
    LANGFUSE_BASE_URL: receiver.baseUrl,
    LANGFUSE_PUBLIC_KEY: 'pk-lf-poison',
    LANGFUSE_SECRET_KEY: 'sk-lf-poison',
    SPANS: String(SPANS),
  };
  return { receiver, env };
}

/** As the application said at its end. */
function statusIn(stdout: string): ExporterStatus {
  return (JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { readonly status: ExporterStatus }).status;
}

function markers(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `#${n}`).sort();
}

function expectAll({ spans, faults }: Receiver, isMasked: boolean): void {
  expect(faults.slice(0, 20)).toEqual([]);
  if (!isMasked) expect(spans.map(({ marker }) => marker).sort()).toEqual(markers(SPANS));
  expect(new Set(spans.map(({ id }) => id)).size).toBe(SPANS);
}

const seeds = Array.from({ length: ROUNDS }, (_, n) => FIRST_SEED + n);

describe.each(seeds)('hostile spans of seed %i', (seed) => {
  it.each(VERSIONS.flatMap((version) => [[version, 'poison.mjs'] as const, [version, 'poison-cjs.cjs'] as const]))(
    'reach %s from %s each once, in bytes that no server chokes on',
    async (version, app) => {
      const { receiver, env } = await receiving(version);
      const mask = app === 'poison.mjs' ? {} : { MASK: 'hostile' };
      const { exitCode, stdout, stderr } = await runApp([app], { env: { ...env, ...mask, SEED: String(seed) } });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expectAll(receiver, 'MASK' in mask);
      const { ledger, counters } = statusIn(stdout);
      expect(ledger).toMatchObject({ ended: SPANS, accepted: SPANS, delivered: SPANS, rejected: 0 });
      expect(counters.repaired.unicode).toBeGreaterThan(0);
      expect(counters.repaired.id).toBeGreaterThan(0);
    },
  );
});

describe('more than any server takes', () => {
  it.each(VERSIONS)('in any place of a span is cut until it fits %s', async (version) => {
    const maxBytes = 500_000;
    const { receiver, env } = await receiving(version, maxBytes);
    const { exitCode, stdout } = await runApp(['poison.mjs'], { env: { ...env, SCENE: 'huge' } });
    expect(exitCode).toBe(0);
    expect(receiver.faults).toEqual([]);
    const { ledger, counters } = statusIn(stdout);
    expect(ledger.delivered).toBe(ledger.ended);
    expect(receiver.spans.map(({ marker }) => marker).sort()).toEqual(markers(ledger.ended));
    expect(counters.truncated.size).toBeGreaterThan(0);
  });
});
