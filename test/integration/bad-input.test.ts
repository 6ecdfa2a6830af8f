import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LangfuseSpanProcessor, type Logger, type SpanLike } from '../../src/index.js';
import { exporting } from '../support/exporting.js';
import { startLocalLangfuse } from '../support/local-langfuse/index.js';
import { spanLike } from '../support/spans.js';

const KEYS = { publicKey: 'pk-lf-local', secretKey: 'sk-lf-local' };
const LLM = { 'gen_ai.operation.name': 'chat' };

function collectingLogger(): { readonly logger: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  const at = (level: string) => (message: string) => void lines.push(`${level}: ${message}`);
  return { lines, logger: { debug: () => {}, info: () => {}, warn: at('warn'), error: at('error') } };
}

const circular: { self?: unknown } = {};
circular.self = circular;

/** As it comes out of a structured clone. */
const CONTEXT = {
  traceId: '1'.repeat(32),
  spanId: '2'.repeat(16),
  traceFlags: 1,
  traceState: { state: {} } as unknown as { serialize(): string },
};

/** `String` throws for it. */
const NO_TEXT: unknown = Object.create(null);

/** Spans no SDK should produce, and some do. The number is how many of the two end up delivered. */
const HOSTILE: readonly (readonly [string, Partial<SpanLike>, 'delivered' | 'dropped'])[] = [
  [
    'a getter that throws',
    {
      attributes: Object.defineProperty({}, 'x', {
        enumerable: true,
        get: () => {
          throw new Error('trap');
        },
      }),
    },
    'dropped',
  ],
  ['a cycle', { attributes: { ...LLM, loop: circular } }, 'delivered'],
  ['a BigInt', { attributes: { ...LLM, n: 2n ** 70n } }, 'delivered'],
  ['a symbol and a function', { attributes: { ...LLM, s: Symbol('s'), f: () => {} } }, 'delivered'],
  [
    'bytes and nested values, as SDK 3.x allows',
    { attributes: { ...LLM, b: new Uint8Array([1, 2]), o: { a: [{ b: null }, 1] } } },
    'delivered',
  ],
  [
    'structured messages, as SDK 3.x allows',
    { attributes: { ...LLM, 'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }] } },
    'delivered',
  ],
  ['50 MB of text', { attributes: { ...LLM, 'gen_ai.input.messages': 'x'.repeat(50_000_000) } }, 'delivered'],
  [
    'half an emoji and a NUL',
    { name: 'cut \ud83d', attributes: { ...LLM, 'gen_ai.input.messages': 'cut \ud83d \0' } },
    'delivered',
  ],
  [
    'numbers that are none',
    { attributes: { ...LLM, 'gen_ai.usage.input_tokens': Number.NaN, 'gen_ai.usage.output_tokens': -5 } },
    'delivered',
  ],
  ['times that are none', { startTime: [Number.NaN, 0], endTime: [Number.NaN, Number.NaN] }, 'delivered'],
  ['an end before its start', { startTime: [1_790_000_005, 0], endTime: [1_790_000_000, 0] }, 'delivered'],
  [
    'ids that are no text',
    { spanContext: () => ({ ...CONTEXT, traceId: 5 as unknown as string, spanId: {} as unknown as string }) },
    'delivered',
  ],
  ['no name', { name: undefined as unknown as string }, 'delivered'],
  ['a name that is no text', { name: 5 as unknown as string }, 'delivered'],
  ['no attributes', { attributes: undefined as unknown as object }, 'delivered'],
  [
    'no status, events and links',
    { status: undefined, events: undefined, links: undefined } as unknown as Partial<SpanLike>,
    'delivered',
  ],
  [
    'a link that leads nowhere, and an event that is none',
    { links: [{}, null], events: [null, { name: NO_TEXT, time: 'now' }] } as unknown as Partial<SpanLike>,
    'delivered',
  ],
  [
    'a link and a parent whose ids are no texts',
    {
      links: [{ context: { traceId: Symbol('t'), spanId: NO_TEXT, traceFlags: 1 } }],
      parentSpanContext: { traceId: '1'.repeat(32), spanId: Symbol('s'), traceFlags: 1 },
    } as unknown as Partial<SpanLike>,
    'delivered',
  ],
  ['a trace state without methods', { spanContext: () => CONTEXT }, 'delivered'],
  ['a map whose keys have no text', { attributes: { ...LLM, m: new Map([[NO_TEXT, 1]]) } }, 'delivered'],
  ['a list where a text is expected', { attributes: { ...LLM, 'gen_ai.response.text': [NO_TEXT] } }, 'delivered'],
  [
    'a scope without a name',
    { attributes: LLM, instrumentationScope: {} } as unknown as Partial<SpanLike>,
    'delivered',
  ],
  [
    'a scope and a resource that are none',
    { attributes: LLM, instrumentationScope: 'ai', resource: 5 } as unknown as Partial<SpanLike>,
    'delivered',
  ],
  [
    'an attribute called __proto__',
    { attributes: JSON.parse('{"__proto__":"x","constructor":"y"}') as object },
    'delivered',
  ],
];

describe.each(['v3.225', 'v4-events-only'] as const)('a span with', (profile) => {
  it.each(HOSTILE)(`%s harms no other span on ${profile}`, async (_, over, fate) => {
    const { server, processor, errors } = await exporting(profile, { queue: { maxBytes: 200_000_000 } });
    const traceId = '1'.repeat(32);
    expect(() => processor.onEnd(spanLike({ id: '2'.repeat(16), traceId, ...over }))).not.toThrow();
    processor.onEnd(spanLike({ id: '3'.repeat(16), traceId, attributes: LLM }));
    const report = await processor.flush();
    expect(report).toMatchObject({
      delivered: fate === 'delivered' ? 2 : 1,
      dropped: fate === 'delivered' ? 0 : 1,
      rejected: 0,
    });
    expect(server.observations().map(({ id }) => id)).toContain('3'.repeat(16));
    expect(server.observations()).toHaveLength(report.delivered);
    expect(errors).toHaveLength(fate === 'delivered' ? 0 : 1);
    if (fate === 'dropped') expect(processor.status().ledger.dropped.serialization_error).toBe(1);
  });
});

describe('a span that is no span', () => {
  it.each([undefined, null, {}, 'text', { spanContext: () => null }])(
    '(%s) throws nothing and is counted',
    async (value) => {
      const { processor } = await exporting('v4-events-only');
      expect(() => processor.onEnd(value as unknown as SpanLike)).not.toThrow();
      expect(() => processor.onStart(value as unknown as object, undefined as never)).not.toThrow();
      expect(processor.status().ledger.ended).toBe(1);
    },
  );
});

describe('without both keys', () => {
  it.each([{}, { publicKey: 'pk-lf-local' }, { secretKey: 'sk-lf-local' }])(
    '(%o) one warning is written and no request is made',
    async (keys) => {
      const server = await startLocalLangfuse({ profile: 'v4-events-only' });
      onTestFinished(() => server.close());
      const { logger, lines } = collectingLogger();
      const processor = new LangfuseSpanProcessor({ ...keys, baseUrl: server.baseUrl, logger });
      processor.onEnd(spanLike({ attributes: LLM }));
      await processor.flush();
      await processor.forceFlush();
      await processor.shutdown();
      expect(processor.status().state).toBe('disabled');
      expect(lines).toEqual([expect.stringContaining('tracing is off')]);
      expect(server.requests).toEqual([]);
    },
  );
});

describe('the base URL', () => {
  it.each(['', '/', '//'])('may end with %j', async (slashes) => {
    const server = await startLocalLangfuse({ profile: 'v3.225' });
    const processor = new LangfuseSpanProcessor({ ...KEYS, baseUrl: `${server.baseUrl}${slashes}` });
    processor.onEnd(spanLike({ attributes: LLM }));
    expect((await processor.close()).delivered).toBe(1);
    await server.close();
  });

  it('may have a path, which every request keeps', async () => {
    const server = await startLocalLangfuse({ profile: 'v4-events-only', basePath: '/tools/langfuse' });
    const processor = new LangfuseSpanProcessor({ ...KEYS, baseUrl: `${server.baseUrl}/` });
    processor.onEnd(spanLike({ attributes: LLM }));
    expect((await processor.close()).delivered).toBe(1);
    await server.close();
  });
});

describe('a server that is none', () => {
  it('(nobody listens) is said once on the log, and the spans are kept until shutdown', async () => {
    const port = await freePort();
    const { logger, lines } = collectingLogger();
    const processor = new LangfuseSpanProcessor({
      ...KEYS,
      baseUrl: `http://127.0.0.1:${port}`,
      logger,
      retry: { initialMs: 5, maxMs: 10 },
    });
    for (let n = 0; n < 20; n++) processor.onEnd(spanLike({ attributes: LLM }));
    expect((await processor.flush({ timeoutMs: 300 })).pending).toBe(20);
    const report = await processor.close({ timeoutMs: 200 });
    expect(report.dropped.shutdown_deadline + report.dropped.ambiguous).toBe(20);
    expect(lines.filter((line) => line.includes('no connection to'))).toHaveLength(1);
    expect(lines.at(-1)).toMatch(/error: shutdown failed: SHUTDOWN_ERROR: 20 spans were lost/);
  });

  it('(a web site answers every request with a page) is named as such, and nothing is taken for delivered', async () => {
    const site = createServer((_, response) =>
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>Shop</title>'),
    );
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void site.close());
    const { logger, lines } = collectingLogger();
    const processor = new LangfuseSpanProcessor({
      ...KEYS,
      baseUrl: `http://127.0.0.1:${(site.address() as AddressInfo).port}`,
      logger,
    });
    processor.onEnd(spanLike({ attributes: LLM }));
    const report = await processor.close();
    expect([report.delivered, report.dropped.shutdown_deadline]).toEqual([0, 1]);
    expect(lines[0]).toMatch(
      /answered with a page, not with JSON; check that baseUrl is the address of Langfuse itself/,
    );
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
