import { describe, expect, it } from 'vitest';
import { exporting } from '../../support/exporting.js';
import { logLines } from '../../support/log-lines.js';
import { postsTo } from '../../support/posts.js';

const PROFILES = ['v3.225', 'v4-events-only'] as const;

/** What a person has to mend, and what the error must say to them. */
const MISTAKES = [
  [
    401,
    { message: 'Invalid credentials. Confirm that you have configured the correct host.' },
    /check publicKey, secretKey/,
  ],
  [403, { message: 'Ingestion suspended: Usage threshold exceeded' }, /suspended or over its plan/],
  [302, '', /it redirects to https:\/\/eu\.example, give that as baseUrl/],
] as const;

describe.each(PROFILES)('a hold by %s', (profile) => {
  it.each(MISTAKES)(
    '(%i) keeps every span, asks once, says it once, and ends without a restart',
    async (status, body, remedy) => {
      const { lines, logger } = logLines();
      const { server, processor, endSpans, errors } = await exporting(profile, { logger });
      server.faults.always({ status, body, headers: { location: 'https://eu.example/login' } });
      for (let round = 0; round < 5; round++) {
        endSpans(20);
        const report = await processor.flush();
        expect(report.delivered).toBe(0);
        expect(report.durationMs).toBeLessThan(5_000);
      }
      expect(postsTo(server)).toHaveLength(1);
      expect(processor.status()).toMatchObject({
        circuit: { state: 'hold', reason: 'refused' },
        ledger: { accepted: 100, queued: 100 },
      });
      const { openUntil } = processor.status().circuit;
      expect(Date.parse(openUntil ?? '') - Date.now()).toBeGreaterThan(20_000);
      expect(errors).toHaveLength(1);
      expect(lines).toEqual([expect.stringMatching(remedy)]);

      server.faults.clear();
      processor.resetCircuitBreaker();
      expect(await processor.flush()).toMatchObject({ delivered: 100, pending: 0 });
      expect(server.observations()).toHaveLength(100);
      expect(lines.slice(1)).toEqual(['warn: Langfuse takes spans again']);
    },
  );

  it('(404 everywhere) comes after both protocols were tried, and ends without a restart', async () => {
    const { server, processor, endSpans, errors } = await exporting(profile);
    for (const path of ['/api/public/ingestion', '/api/public/otel/v1/traces', '/api/public/health']) {
      server.faults.route(path, { status: 404, body: '<html>not here</html>', contentType: 'text/html' });
    }
    endSpans(10);
    expect((await processor.flush()).pending).toBe(10);
    expect(postsTo(server)).toHaveLength(2);
    expect(errors.map(({ error }) => error.message)).toEqual([expect.stringContaining('check baseUrl')]);
    server.faults.clear();
    processor.resetCircuitBreaker();
    expect((await processor.flush()).delivered).toBe(10);
  });
});
