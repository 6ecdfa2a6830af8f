import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ExporterStatus } from '../../src/index.js';
import { type CorpusEvent, corpus } from '../support/corpus.js';
import { type ProfileName, startLocalLangfuse } from '../support/local-langfuse/index.js';
import { observationsOf, type ShownObservation } from '../support/outside/read-back.js';
import { runApp } from '../support/packed/run-app.js';

const PROFILES: readonly ProfileName[] = ['v2.95', 'v3.37', 'v3.97', 'v3.225', 'v4-events-only'];

/** What a real server made of the recorded spans. */
function recordedEvents(): readonly CorpusEvent[] {
  return corpus().flatMap(({ serverEvents }) => serverEvents.filter(({ type }) => type !== 'trace-create'));
}

/** Where what is shown is not what the real server made of the same span. What it could not tell may be told. */
function differences(shown: ShownObservation, { body }: CorpusEvent, profile: ProfileName): string[] {
  const isV4 = profile === 'v4-events-only';
  const isSame = (field: keyof ShownObservation): boolean => (shown[field] || null) === (body[field] || null);
  const isSameTime = (field: 'startTime' | 'endTime'): boolean => shown[field] === isoOf(body[field]);
  const checks: Readonly<Record<string, boolean>> = {
    traceId: isSame('traceId'),
    name: isSame('name'),
    parentObservationId: isSame('parentObservationId'),
    startTime: isSameTime('startTime'),
    endTime: isSameTime('endTime') || shown.type === 'EVENT',
    // v2 has none.
    environment: isSame('environment') || profile === 'v2.95',
    level: isSame('level') || body['level'] === 'DEFAULT',
    statusMessage: isSame('statusMessage') || !body['statusMessage'],
    version: isSame('version') || !body['version'],
    // A wrapper leaves it to the call inside; Genkit's has the plugin's name before it.
    model: isSame('model') || !body['model'] || !shown.model || String(body['model']).endsWith(`/${shown.model}`),
    // Elsewhere only prompts that exist are shown.
    promptName: isSame('promptName') || !isV4,
    input: isThere(shown.input) || !isThere(body['input']),
    output: isThere(shown.output) || !isThere(body['output']),
  };
  return Object.keys(checks)
    .filter((field) => !checks[field])
    .map((field) => `${shown.id} ${shown.name}: ${field}`);
}

const isoOf = (time: unknown): string => new Date(String(time)).toISOString();
/** A call that failed has no output, for which some libraries write an empty object. */
const isThere = (content: unknown): boolean =>
  !['', '{}', 'null'].includes(typeof content === 'string' ? content : JSON.stringify(content ?? null));

describe('recorded spans, by the built package', () => {
  it.each(PROFILES)('are read back from %s, each once, as a real server made them', async (profile) => {
    const server = await startLocalLangfuse({ profile });
    onTestFinished(() => server.close());
    const events = recordedEvents();
    const { exitCode, stdout } = await runApp(['recorded.mjs'], {
      env: {
        LANGFUSE_BASE_URL: server.baseUrl,
        LANGFUSE_PUBLIC_KEY: server.publicKey,
        LANGFUSE_SECRET_KEY: server.secretKey,
        CORPUS: fileURLToPath(new URL('../corpus/corpus.json.gz', import.meta.url)),
      },
    });
    expect(exitCode).toBe(0);
    const { ledger } = (JSON.parse(stdout) as { readonly status: ExporterStatus }).status;
    expect(ledger).toMatchObject({ ended: events.length, delivered: events.length, rejected: 0 });

    const shown: ShownObservation[] = [];
    for (const traceId of new Set(events.map(({ body }) => String(body['traceId']))))
      shown.push(...(await observationsOf(server, traceId, profile === 'v4-events-only')));
    expect(shown.map(({ id }) => id).sort()).toEqual(events.map(({ body }) => body['id']).sort());
    for (const { id } of shown) expect(server.deliveries(id)).toBe(1);
    const byId = new Map(events.map((event) => [event.body['id'], event]));
    const different = shown.flatMap((observation) => {
      const event = byId.get(observation.id);
      return event ? differences(observation, event, profile) : [];
    });
    expect(different).toEqual([]);
  });
});
