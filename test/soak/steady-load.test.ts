import { describe, expect, it, onTestFinished } from 'vitest';
import type { ShutdownReport } from '../../src/index.js';
import { startChild } from '../support/child.js';
import { deliveriesAt } from '../support/exporting.js';
import { startLocalLangfuse } from '../support/local-langfuse/index.js';

interface SteadyRun {
  readonly idle: number;
  readonly report: ShutdownReport;
  readonly atServer: ReturnType<typeof deliveriesAt>;
}

/** From a process of its own: what the server costs is not the application's. */
async function runSteadily(perSecond: number): Promise<SteadyRun> {
  const server = await startLocalLangfuse({ profile: 'v4-events-only' });
  onTestFinished(() => server.close());
  server.faults.always({ delayMs: 300 });
  const { baseUrl, publicKey, secretKey } = server;
  const { lines, errors } = await startChild(new URL('./steady.ts', import.meta.url), {
    args: [String(perSecond)],
    env: { LANGFUSE_BASE_URL: baseUrl, LANGFUSE_PUBLIC_KEY: publicKey, LANGFUSE_SECRET_KEY: secretKey },
  }).ended;
  expect(errors).toBe('');
  return { ...(JSON.parse(lines.at(-1) ?? '') as Omit<SteadyRun, 'atServer'>), atServer: deliveriesAt(server) };
}

/** Below this, others take the cores: then what an application can send says nothing about the exporter. */
const IDLE = 0.2;

/** Here and not beside the other losses of peers: what an application can send shows only where nothing else runs. */
describe('E26: 9,400 spans a second for five seconds', () => {
  it('pass a server of 300 ms without loss, or half or a quarter of them where the machine is taken', async () => {
    let run: SteadyRun | undefined;
    for (const perSecond of [9_400, 4_700, 2_350]) {
      run = await runSteadily(perSecond);
      const { idle, report, atServer } = run;
      const seen = `${perSecond} a second, ${idle} idle: ${JSON.stringify(report)}`;
      expect(report.ended, seen).toBeGreaterThan(4.9 * perSecond);
      // Also where there are too many, each is at the server once, or named.
      expect(report.delivered + report.sampledOut, seen).toBe(report.ended);
      expect(atServer, seen).toEqual({ ids: report.delivered, most: 1 });
      expect(report.deadlineHit, seen).toBe(false);
      if (report.sampledOut === 0) return;
      expect(idle, seen).toBeLessThan(IDLE);
    }
    expect.unreachable(JSON.stringify(run));
  }, 120_000);
});
