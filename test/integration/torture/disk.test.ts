import { readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { ROOT_CONTEXT, type Span, type Tracer, trace } from '@opentelemetry/api';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type LangfuseOptions, LangfuseSpanProcessor, noopLogger } from '../../../src/index.js';
import { deliveriesAt, exporting } from '../../support/exporting.js';
import type { LocalLangfuse } from '../../support/local-langfuse/index.js';
import { temporaryDirectory } from '../../support/spool/temporary-directory.js';

const PROFILE = 'v4-events-only';
const BIG = { attributes: { 'langfuse.observation.input': 'x'.repeat(4_000) } };

const segmentsIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.log'));

/** The next process on the directory, as far as one process can be two. */
function nextOn(directory: string, server: LocalLangfuse, options: LangfuseOptions = {}): LangfuseSpanProcessor {
  const { baseUrl, publicKey, secretKey } = server;
  // Look-ups wait for seconds; restarts.test.ts is about them.
  const keys = { baseUrl, publicKey, secretKey, logger: noopLogger, resendAmbiguous: true };
  const next = new LangfuseSpanProcessor({ ...keys, persistence: { directory }, ...options });
  onTestFinished(async () => void (await next.close({ timeoutMs: 500 })));
  return next;
}

describe('an outage', () => {
  it('longer than memory lasts refuses nothing, and everything arrives when it is over', async () => {
    const directory = temporaryDirectory();
    const { server, processor, endSpans } = await exporting(PROFILE, {
      persistence: { directory, lingerMs: 0 },
      queue: { maxSpans: 100 },
      circuitBreaker: { openMs: { initial: 20, max: 100 } },
    });
    server.faults.always({ status: 503 });
    for (let n = 0; n < 40; n++) {
      endSpans(25);
      await processor.flush({ timeoutMs: 20 });
      // As fast as the machine makes records of spans.
      await expect.poll(() => processor.status().ledger.queued, { interval: 5 }).toBe(0);
    }
    const { refused, queued, spooled, inFlight } = processor.status().ledger;
    expect([refused.queue_full, queued + spooled + inFlight]).toEqual([0, 1_000]);
    server.faults.clear();
    await server.waitFor(() => deliveriesAt(server).ids === 1_000, 20_000);
    expect(await processor.close()).toMatchObject({ accepted: 1_000, delivered: 1_000, spooled: 0 });
    expect(segmentsIn(directory)).toEqual([]);
  });

  it('brings what waits to disk at need only, and away from it again', async () => {
    const directory = temporaryDirectory();
    const { server, processor, endSpans } = await exporting(PROFILE, {
      delivery: 'spill',
      persistence: { directory },
      circuitBreaker: { failureThreshold: 1, openMs: { initial: 50, max: 100 } },
    });
    endSpans(10);
    await processor.flush();
    expect(segmentsIn(directory)).toEqual([]);
    server.faults.next(3, { status: 503 });
    endSpans(10);
    await expect.poll(() => processor.status().ledger.spooled).toBeGreaterThan(0);
    expect(segmentsIn(directory).length).toBeGreaterThan(0);
    await server.waitFor(() => deliveriesAt(server).ids === 20);
    await processor.close();
    expect(segmentsIn(directory)).toEqual([]);
  });
});

/** Traces of four spans, which end one a turn, the root last; each turn one begins. */
class OpenTraces {
  readonly #tracer: Tracer;
  #open: { readonly root: Span; left: number }[] = [];

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  turn(): void {
    this.#open.push({ root: this.#tracer.startSpan('root', {}, ROOT_CONTEXT), left: 3 });
    this.#open = this.#open.filter((one) => this.#endNext(one));
  }

  end(): void {
    while (this.#open.length > 0) this.#open = this.#open.filter((one) => this.#endNext(one));
  }

  #endNext(one: { readonly root: Span; left: number }): boolean {
    const isOver = one.left-- === 0;
    if (isOver) one.root.end();
    else this.#tracer.startSpan('child', BIG, trace.setSpan(ROOT_CONTEXT, one.root)).end();
    return !isOver;
  }
}

describe('a disk that fills up in an outage', () => {
  it('takes fewer traces, each whole, which say after a restart for how many they stand', async () => {
    const directory = temporaryDirectory();
    const maxBytes = 4_000_000;
    const { server, processor, provider } = await exporting(PROFILE, {
      persistence: { directory, maxBytes, minFreeBytes: 0 },
    });
    server.faults.always({ status: 503 });
    const traces = new OpenTraces(provider.getTracer('test'));
    // Until none of the new ones has come in for a while. Where it is full enough to be noticed, it fills slowly: the
    // disk is looked at twice a second, or less often on a busy machine.
    for (let quiet = 0; quiet < 20; ) {
      const before = processor.status().ledger;
      traces.turn();
      await pause((processor.status().spool?.bytes ?? 0) < 0.7 * maxBytes ? 5 : 80);
      const { sampledOut, ended } = processor.status().ledger;
      quiet = sampledOut - before.sampledOut === ended - before.ended ? quiet + 1 : 0;
    }
    traces.end();
    const report = await processor.close({ timeoutMs: 600 });
    expect(report).toMatchObject({ delivered: 0, dropped: { disk_quota: 0, disk_error: 0 } });
    expect(report.spooled + report.sampledOut).toBe(report.accepted);
    server.faults.clear();
    const next = nextOn(directory, server);
    await server.waitFor(() => deliveriesAt(server).ids === report.spooled, 10_000);
    await next.close();
    const spans = new Map<string, number>();
    const counts = new Set<unknown>();
    for (const { traceId, metadata } of server.observations()) {
      spans.set(traceId ?? '', (spans.get(traceId ?? '') ?? 0) + 1);
      counts.add((metadata as { readonly [key: string]: unknown })['langfuse.sampling.adjusted_count'] ?? 1);
    }
    expect(new Set(spans.values())).toEqual(new Set([4]));
    expect(counts.size).toBeGreaterThan(1);
  }, 40_000);
});

describe('a shutdown with a server that hangs', () => {
  it.each(['at-least-once', 'spill'] as const)(
    '(%s) keeps its deadline, and everything is on disk',
    async (delivery) => {
      const directory = temporaryDirectory();
      const options = { delivery, persistence: { directory } };
      const { server, processor, errors, endSpans } = await exporting(PROFILE, options);
      server.faults.always('hang');
      endSpans(500);
      const startedAt = performance.now();
      const report = await processor.close({ timeoutMs: 1_000 });
      expect(performance.now() - startedAt).toBeLessThan(1_600);
      expect(report).toMatchObject({ accepted: 500, delivered: 0, spooled: 500, queued: 0, inFlight: 0 });
      expect(errors.filter(({ context }) => context.operation === 'shutdown')).toEqual([]);
      server.faults.clear();
      const next = nextOn(directory, server);
      await server.waitFor(() => deliveriesAt(server).ids === 500, 10_000);
      await next.close();
      expect(next.status().ledger).toMatchObject({ recovered: 500, delivered: 500 });
    },
  );

  it('that could not send what was left by others leaves it for the next', async () => {
    const directory = temporaryDirectory();
    const { server, processor, endSpans } = await exporting(PROFILE, { persistence: { directory } });
    server.faults.always('hang');
    endSpans(20);
    await processor.close({ timeoutMs: 600 });
    for (let life = 0; life < 3; life++) {
      const report = await nextOn(directory, server).close({ timeoutMs: 600 });
      expect(report).toMatchObject({ delivered: 0 });
      expect(report.recovered).toBe(report.spooled);
    }
    server.faults.clear();
    const last = nextOn(directory, server);
    await server.waitFor(() => deliveriesAt(server).ids === 20);
    await last.close();
    expect(segmentsIn(directory)).toEqual([]);
  });
});

describe('what was left on disk', () => {
  it('is sent beside the spans of today, which come first', async () => {
    const directory = temporaryDirectory();
    const { server, processor, endSpans } = await exporting(PROFILE, { persistence: { directory } });
    server.faults.always({ status: 503 });
    endSpans(300);
    await processor.close({ timeoutMs: 600 });
    server.faults.clear();
    const next = nextOn(directory, server, { flushInterval: 0.02, shouldExportSpan: () => true });
    await server.waitFor(() => deliveriesAt(server).ids === 300, 10_000);
    expect(next.status().ledger).toMatchObject({ ended: 0, recovered: 300 });
    expect(deliveriesAt(server).most).toBe(1);
  });
});
