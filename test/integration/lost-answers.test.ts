import { describe, expect, it } from 'vitest';
import { LangfuseSpanProcessor, noopLogger } from '../../src/index.js';
import { exporting } from '../support/exporting.js';
import {
  type Fault,
  type LocalLangfuse,
  type LoggedRequest,
  startLocalLangfuse,
} from '../support/local-langfuse/index.js';
import { spanId } from '../support/observations.js';
import { Random } from '../support/random.js';
import { SEED } from '../support/seed.js';
import { spanLike } from '../support/spans.js';

const ROWS = '/api/public/v2/observations';

/** Ways in which an answer gets lost, after the server has stored the request, or before. */
const LOSSES = {
  'cut after commit': 'resetAfterCommit',
  'late after commit': 'hangAfterCommit',
  '504 after commit': {
    status: 504,
    body: '<html>Gateway Time-out</html>',
    contentType: 'text/html',
    afterCommit: true,
  },
  'cut before': 'reset',
  '502 before': { status: 502, body: '<html>Bad Gateway</html>', contentType: 'text/html' },
} as const satisfies Readonly<Record<string, Fault>>;
type Loss = keyof typeof LOSSES;

const names = Object.keys(LOSSES) as Loss[];

/** The first delivery of each run meets the loss that was drawn for it. */
function lose(server: LocalLangfuse, plan: ReadonlyMap<string, Loss>): void {
  const met = new Map<string, LoggedRequest>();
  const lossOf = (request: LoggedRequest): Loss | undefined => {
    const run = /run-\d+/.exec(request.text)?.[0];
    if (run === undefined) return undefined;
    const first = met.get(run) ?? request;
    met.set(run, first);
    return first === request ? plan.get(run) : undefined;
  };
  for (const name of names) server.faults.when((request) => lossOf(request) === name, LOSSES[name]);
}

describe('two hundred exporters whose answers get lost', () => {
  it('store each span exactly once on v4', async () => {
    const server = await startLocalLangfuse({ profile: 'v4-events-only' });
    const { baseUrl, publicKey, secretKey } = server;
    const plan = new Map<string, Loss>();
    const random = new Random(SEED);
    const runs = Array.from({ length: 200 }, (_, n) => {
      plan.set(`run-${n}`, names[random.between(0, names.length - 1)] ?? 'cut before');
      return n;
    });
    lose(server, plan);
    const processors = runs.map(
      () =>
        new LangfuseSpanProcessor({
          baseUrl,
          publicKey,
          secretKey,
          protocol: 'otlp',
          flushInterval: 0.02,
          timeout: 2,
          shouldExportSpan: () => true,
          logger: noopLogger,
        }),
    );
    for (const [n, processor] of processors.entries()) {
      for (let k = 0; k < 5; k++) {
        const traceId = (n * 3 + (k % 3) + 1).toString(16).padStart(32, 'a');
        processor.onEnd(spanLike({ id: spanId(n * 5 + k + 1), traceId, name: `run-${n} ` }));
      }
    }
    const reports = await Promise.all(processors.map((processor) => processor.flush({ timeoutMs: 60_000 })));
    await Promise.all(processors.map((processor) => processor.close({ timeoutMs: 2_000 })));
    expect(reports.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(1_000);
    const deliveries = runs.flatMap((n) => [1, 2, 3, 4, 5].map((k) => server.deliveries(spanId(n * 5 + k))));
    expect(new Set(deliveries)).toEqual(new Set([1]));
    expect(server.rows()).toHaveLength(1_000);
    const lookups = processors.map((processor) => processor.status().counters.lookups);
    const isLostLate = (n: number): boolean => plan.get(`run-${n}`)?.includes('after') === true;
    for (const n of runs) expect(lookups[n]?.found).toBe(isLostLate(n) ? 1 : 0);
    await server.close();
  }, 120_000);
});

describe('a lost answer', () => {
  it.each<[string, Fault]>([
    ['forbidden', { status: 403, body: { message: 'Access denied' } }],
    ['not there', { status: 404, body: '<!doctype html>', contentType: 'text/html' }],
    ['a page', { status: 200, body: '<!doctype html><title>Shop</title>', contentType: 'text/html' }],
    ['empty', { status: 200, body: '' }],
  ])('whose look-up is %s is sent at least once, and the count is right', async (_, fault) => {
    const { server, processor, endSpans } = await exporting('v4-events-only', { resendAmbiguous: 'verify' });
    server.faults.route(ROWS, fault);
    server.faults.next(1, 'resetAfterCommit');
    endSpans(10);
    expect((await processor.flush()).delivered).toBe(10);
    expect(processor.status().counters.lookups).toEqual({ found: 0, missing: 0, unverified: 1 });
    expect(server.rows()).toHaveLength(20);
  });

  it('on ingestion, where a repeat changes nothing, is sent again at once', async () => {
    const { server, processor, endSpans } = await exporting('v3.225', { resendAmbiguous: 'verify' });
    server.faults.next(1, 'resetAfterCommit');
    endSpans(10);
    const { delivered, durationMs } = await processor.flush();
    expect(delivered).toBe(10);
    expect(durationMs).toBeLessThan(2_500);
    expect(server.requests.some(({ path }) => path === ROWS)).toBe(false);
    expect(server.observations()).toHaveLength(10);
  });

  it('at the end of a process that has a second left is given up as ambiguous when nobody can be asked', async () => {
    const { server, processor, endSpans } = await exporting('v4-events-only', { resendAmbiguous: 'verify' });
    server.faults.next(1, 'resetAfterCommit');
    endSpans(10);
    await server.waitFor(() => server.rows().length === 10);
    server.faults.route(ROWS, 'hang');
    server.faults.always('hang');
    const { dropped } = await processor.close({ timeoutMs: 1_000 });
    expect(dropped.ambiguous).toBe(10);
    expect(server.rows()).toHaveLength(10);
  });

  it('is looked up by what was sent, when the spans of several requests share a trace', async () => {
    const { server, processor } = await exporting('v4-events-only', { resendAmbiguous: 'verify' });
    const end = (n: number): void => processor.onEnd(spanLike({ id: spanId(n), attributes: { n } }));
    end(1);
    expect((await processor.flush()).delivered).toBe(1);
    // Not stored, while another span of the trace is.
    server.faults.next(1, { status: 502 });
    end(2);
    expect((await processor.flush()).delivered).toBe(1);
    expect(processor.status().counters.lookups).toEqual({ found: 0, missing: 1, unverified: 0 });
    expect([1, 2].map((n) => server.deliveries(spanId(n)))).toEqual([1, 1]);
  });
});
