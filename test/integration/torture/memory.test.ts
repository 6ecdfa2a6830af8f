import { describe, expect, it, onTestFinished } from 'vitest';
import { startChild } from '../../support/child.js';
import { exporting } from '../../support/exporting.js';
import { startLocalLangfuse } from '../../support/local-langfuse/index.js';
import { rawLangfuse } from '../../support/raw-langfuse.js';

const keysOf = (baseUrl: string) => ({
  LANGFUSE_BASE_URL: baseUrl,
  LANGFUSE_PUBLIC_KEY: 'pk-lf-local',
  LANGFUSE_SECRET_KEY: 'sk-lf-local',
});

describe('the contexts of 10,000 requests', () => {
  it('are collected, however many spans and flushes they had', async () => {
    const server = await startLocalLangfuse({ profile: 'v4-events-only' });
    onTestFinished(() => server.close());
    const { lines, errors } = await startChild(new URL('./children/request-contexts.ts', import.meta.url), {
      execArgv: ['--expose-gc'],
      env: keysOf(server.baseUrl),
    }).ended;
    expect(errors).toBe('');
    const { whileRunning, afterClose, delivered } = JSON.parse(lines.at(-1) ?? '') as { [name: string]: number };
    expect(delivered).toBe(10_000);
    // The last promise of the loop that started them may still hold its own.
    expect(whileRunning).toBeLessThanOrEqual(1);
    expect(afterClose).toBeLessThanOrEqual(1);
  });
});

describe('a million spans of 20 KB a minute', () => {
  it('are more than one process can send: what is held is bounded, and the application keeps its turns', async () => {
    const server = await rawLangfuse('4.16.0', (_, response) => response.end('{}'));
    const { lines, errors } = await startChild(new URL('./children/overload.ts', import.meta.url), {
      env: { SECONDS: '4', ...keysOf(server.baseUrl) },
    }).ended;
    expect(errors).toBe('');
    const seen = JSON.parse(lines.at(-1) ?? '') as { readonly [name: string]: number };
    const { ended = 0, delivered = 0, sampledOut = 0, refused = 0, late = 0, mostHeld = 0, p99Ms = 0 } = seen;
    expect(delivered + sampledOut + refused + late).toBe(ended);
    expect(delivered).toBeGreaterThan(1_000);
    // 64 MiB of spans of 20 KB.
    expect(mostHeld).toBeLessThan(3_300);
    // 12 ms on a quiet machine of two cores; 60 before bodies were written one a turn.
    expect(p99Ms).toBeLessThan(40);
  });
});

describe('a thousand flushes during an outage', () => {
  it('return early, and are forgotten by the spans that wait on', async () => {
    const { server, processor, endSpans } = await exporting('v4-events-only', {
      circuitBreaker: { failureThreshold: 1, openMs: { initial: 60_000, max: 60_000 } },
    });
    server.faults.always({ status: 500, body: 'broken' });
    for (let n = 0; n < 1_000; n++) {
      endSpans(1);
      await processor.flush({ timeoutMs: 5_000 });
    }
    expect(processor.status().ledger).toMatchObject({ queued: 1_000, delivered: 0 });
    server.faults.clear();
    processor.resetCircuitBreaker();
    expect((await processor.flush()).delivered).toBe(1_000);
  });
});
