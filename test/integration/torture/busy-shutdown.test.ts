import { describe, expect, it, onTestFinished } from 'vitest';
import { LangfuseSpanProcessor, noopLogger } from '../../../src/index.js';
import { startChild } from '../../support/child.js';
import { exporting } from '../../support/exporting.js';
import { startLocalLangfuse } from '../../support/local-langfuse/index.js';
import { temporaryDirectory } from '../../support/spool/temporary-directory.js';

const PROFILE = 'v4-events-only';
const ATTRIBUTES = { 'gen_ai.operation.name': 'chat', 'langfuse.observation.input': 'x' };

function burn(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** Records that cost a millisecond each. */
function slowMask() {
  const made = { records: 0 };
  const mask = ({ key, data }: { readonly key: string; readonly data: string }): string => {
    if (key === 'input') {
      burn(1);
      made.records++;
    }
    return data;
  };
  return { made, mask };
}

/** An application that leaves the event loop little. */
function busyWith(ms: number): void {
  let isBusy = true;
  const turn = (): void => {
    burn(ms);
    if (isBusy) setImmediate(turn);
  };
  turn();
  onTestFinished(() => {
    isBusy = false;
  });
}

describe('an end with more spans than there is time for', () => {
  it.each(['at-least-once', 'spill'] as const)(
    '(%s) beside a busy application keeps its deadline, and has on disk what it could translate',
    async (delivery) => {
      const { made, mask } = slowMask();
      const { server, processor, endSpans } = await exporting(PROFILE, {
        ...{ delivery, persistence: { directory: temporaryDirectory() }, mask },
      });
      endSpans(50, ATTRIBUTES);
      await processor.flush();
      made.records = 0;
      server.faults.always('hang');
      busyWith(45);
      endSpans(1_500, ATTRIBUTES);
      const startedAt = performance.now();
      const report = await processor.close({ timeoutMs: 2_000 });
      expect(performance.now() - startedAt).toBeLessThan(2_600);
      // But for the last slice, on a machine that did not let it finish.
      expect(report.spooled).toBeGreaterThan(made.records - 60);
      expect(report.spooled + report.dropped.shutdown_deadline).toBe(1_500);
    },
  );

  it.each(['at-least-once', 'spill'])('(%s) writes what it translates before its time is over', async (delivery) => {
    const directory = temporaryDirectory();
    const server = await startLocalLangfuse({ profile: PROFILE });
    onTestFinished(() => server.close({ force: true }));
    const { baseUrl, publicKey, secretKey } = server;
    const env = {
      ...{ SCENE: 'too much for the exit', DIRECTORY: directory, DELIVERY: delivery, LANGFUSE_BASE_URL: baseUrl },
      ...{ LANGFUSE_PUBLIC_KEY: publicKey, LANGFUSE_SECRET_KEY: secretKey },
    };
    const child = startChild(new URL('./children/persisting.ts', import.meta.url), { env });
    const { code, lines } = await child.ended;
    const made = Number(lines[0]);
    expect([code, made > 0, made < 2_000]).toEqual([3, true, true]);
    const keys = { baseUrl, publicKey, secretKey, logger: noopLogger };
    const next = new LangfuseSpanProcessor({ ...keys, persistence: { directory } });
    onTestFinished(async () => void (await next.close({ timeoutMs: 500 })));
    // But for the last slice, on a machine that did not let it finish.
    await expect.poll(() => next.status().ledger.recovered).toBeGreaterThan(made - 60);
    expect(next.status().ledger.recovered).toBeLessThanOrEqual(made);
  });
});
