import { describe, expect, it, onTestFinished } from 'vitest';
import type { ShutdownReport } from '../../src/index.js';
import { startChild } from '../support/child.js';
import { deliveriesAt } from '../support/exporting.js';
import { startLocalLangfuse } from '../support/local-langfuse/index.js';

/** Here and not beside the other losses of peers: what an application can send shows only where nothing else runs. */
describe('E26: 9,400 spans a second for five seconds', () => {
  // From a process of its own: what the server costs is not the application's.
  it('pass a server of 300 ms without loss', async () => {
    const server = await startLocalLangfuse({ profile: 'v4-events-only' });
    onTestFinished(() => server.close());
    server.faults.always({ delayMs: 300 });
    const { baseUrl, publicKey, secretKey } = server;
    const { lines, errors } = await startChild(new URL('./steady.ts', import.meta.url), {
      env: { LANGFUSE_BASE_URL: baseUrl, LANGFUSE_PUBLIC_KEY: publicKey, LANGFUSE_SECRET_KEY: secretKey },
    }).ended;
    expect(errors).toBe('');
    const report = JSON.parse(lines.at(-1) ?? '') as ShutdownReport;
    expect(report.ended).toBeGreaterThan(46_000);
    expect(report).toMatchObject({ delivered: report.ended, deadlineHit: false });
    expect(deliveriesAt(server)).toEqual({ ids: report.ended, most: 1 });
  }, 60_000);
});
