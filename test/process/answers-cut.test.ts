import { describe, expect, it } from 'vitest';
import type { ExporterStatus } from '../../src/index.js';
import { startLocalLangfuse } from '../support/local-langfuse/index.js';
import { type CuttingProxy, cuttingProxy, type Fate, LOST } from '../support/outside/cutting-proxy.js';
import { runApp } from '../support/packed/run-app.js';
import { Random } from '../support/random.js';
import { SEED } from '../support/seed.js';

/** `npm run test:answers` asks for more. */
const ROUNDS = Number(process.env['ANSWER_ROUNDS'] ?? 2);
const SPANS = 60;
/** Each costs two look-ups at most, of which there are ten a minute. */
const MOST_LOST = 4;
/** Where there is time, what is sent a second time may get lost as well, which takes thirteen seconds more. */
const MOST_SENT = ROUNDS > 2 ? Number.POSITIVE_INFINITY : SPANS / 10;

interface Ended {
  readonly status: ExporterStatus;
  readonly deliveries: CuttingProxy['deliveries'];
  /** How often the server has each span. */
  readonly stored: readonly number[];
}

/** An application whose answers get lost at random, on the way back or with the request. */
async function losing(seed: number, forbidsLookups: boolean): Promise<Ended> {
  const random = new Random(seed);
  const server = await startLocalLangfuse({ profile: 'v4-events-only' });
  let lost = 0;
  let sent = 0;
  const fate = (): Fate => {
    if (lost >= MOST_LOST || sent++ >= MOST_SENT || random.next() < 0.4) return 'ok';
    lost++;
    return LOST[random.between(0, LOST.length - 1)] ?? 'ok';
  };
  const proxy = await cuttingProxy(server.baseUrl, { fate, forbidsLookups });
  try {
    const env = {
      LANGFUSE_BASE_URL: proxy.baseUrl,
      LANGFUSE_PUBLIC_KEY: server.publicKey,
      LANGFUSE_SECRET_KEY: server.secretKey,
      SPANS: String(SPANS),
    };
    const { exitCode, stdout, stderr } = await runApp(['answers-cut.mjs'], { env, lifeMs: 90_000 });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const counts = new Map<string, number>();
    for (const { spanId } of server.rows()) counts.set(spanId, (counts.get(spanId) ?? 0) + 1);
    const { status } = JSON.parse(stdout) as { readonly status: ExporterStatus };
    return { status, deliveries: proxy.deliveries, stored: [...counts.values()] };
  } finally {
    await proxy.close();
    await server.close({ force: true });
  }
}

const seeds = Array.from({ length: ROUNDS }, (_, n) => SEED + n);

describe.concurrent('an application whose answers get lost on the way back', () => {
  it.each(seeds)(
    'has each span stored exactly once, since what got lost is looked up (seed %i)',
    async (seed) => {
      const { status, deliveries, stored } = await losing(seed, false);
      expect(status.ledger).toMatchObject({ ended: SPANS, delivered: SPANS, rejected: 0 });
      expect(stored).toEqual(Array(SPANS).fill(1));
      const lost = deliveries.filter(({ fate }) => fate !== 'ok');
      const found = lost.filter(({ isStored }) => isStored).length;
      const { lookups } = status.counters;
      expect(lookups.found).toBe(found);
      // That nothing is there is believed of a server that has shown something before; else it is not called missing.
      expect(lookups.missing + lookups.unverified).toBe(lost.length - found);
    },
    120_000,
  );

  it.each(seeds)(
    'has each at least once when nobody may look, and the counts are right (seed %i)',
    async (seed) => {
      const { status, deliveries, stored } = await losing(seed, true);
      expect(status.ledger).toMatchObject({ ended: SPANS, delivered: SPANS, rejected: 0 });
      expect(stored).toHaveLength(SPANS);
      const lost = deliveries.filter(({ fate }) => fate !== 'ok');
      const again = lost.filter(({ isStored }) => isStored).reduce((sum, { spans }) => sum + spans, 0);
      expect(stored.reduce((sum, count) => sum + count, 0)).toBe(SPANS + again);
      expect(status.counters.lookups).toEqual({ found: 0, missing: 0, unverified: lost.length });
    },
    120_000,
  );
});
