import { describe, expect, it } from 'vitest';
import { restartWorld } from '../../support/restart-world.js';

const DELIVERIES = ['/api/public/ingestion', '/api/public/otel/v1/traces'];

describe('spans with which one process after the other was killed', () => {
  it.each(['v3.225', 'v4-events-only'] as const)(
    'while the server (%s) did not answer are good spans, and delivered',
    async (profile) => {
      const { server, child, start, restart } = await restartWorld('in flight', profile);
      const sent = (): number => server.requests.filter(({ path }) => DELIVERIES.includes(path)).length;
      server.faults.always('hang');
      await child.wrote('ready');
      child.process.kill('SIGKILL');
      await child.ended;
      // One life more than a record has that kills whoever encodes it.
      for (let life = 0; life < 4; life++) {
        const before = sent();
        const next = start('replay');
        await server.waitFor(() => sent() > before, 10_000);
        next.process.kill('SIGKILL');
        await next.ended;
      }
      server.faults.clear();
      const last = restart({ resendAmbiguous: true });
      await expect.poll(() => last.status().ledger, { timeout: 5_000 }).toMatchObject({ recovered: 10, delivered: 10 });
      expect(new Set(server.observations().map(({ id }) => id)).size).toBe(10);
    },
    30_000,
  );
});
