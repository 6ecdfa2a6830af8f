import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { ProtectedTraces } from '../../../src/intake/protected-traces.js';
import { type SamplerOptions, TraceSampler } from '../../../src/intake/trace-sampler.js';
import type { SpanTest } from '../../../src/span.js';
import { fc } from '../../support/seeded-check.js';
import { spanLike } from '../../support/spans.js';

function sampler(options: Partial<SamplerOptions> = {}, protects?: SpanTest) {
  const protectedTraces = new ProtectedTraces(protects);
  const made = new TraceSampler(
    { sampleRate: 1, strategy: 'sample', rescueErrors: false, ...options },
    protectedTraces,
  );
  return { sampler: made, protectedTraces };
}

const traceId = fc.stringMatching(/^[0-9a-f]{32}$/);
const rate = fc.double({ min: 0, max: 1, noNaN: true });
const idOf = (n: number): string => n.toString(16).padStart(32, '0');
const isKept = (judged: unknown): boolean => typeof judged === 'object';

describe('sampleRate', () => {
  it('keeps a trace in every process or in none, and at a higher rate whatever a lower one keeps', () => {
    fc.assert(
      fc.property(traceId, rate, rate, (id, one, other) => {
        const keptAt = (sampleRate: number, strategy: SamplerOptions['strategy']): boolean =>
          isKept(sampler({ sampleRate, strategy }).sampler.judge(spanLike({ traceId: id })));
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        expect(keptAt(low, 'sample')).toBe(low === 1 || keptAt(low, 'off'));
        if (keptAt(low, 'sample')) expect(keptAt(high, 'sample')).toBe(true);
      }),
    );
  });

  it.each(['sample', 'reject', 'off'] as const)('0 keeps nothing with strategy %s', (strategy) => {
    const { sampler: made } = sampler({ sampleRate: 0, strategy });
    for (let n = 0; n < 1_000; n++) expect(made.judge(spanLike({ traceId: idOf(n) }))).toBe('sampledOut');
  });

  it('0.25 keeps a quarter, each standing for four', () => {
    const { sampler: made } = sampler({ sampleRate: 0.25 });
    const judged = Array.from({ length: 20_000 }, (_, n) => made.judge(spanLike({ traceId: idOf(n) })));
    const kept = judged.filter((one) => typeof one === 'object');
    expect(kept.length / 20_000).toBeCloseTo(0.25, 1);
    expect(new Set(kept.map((one) => one?.probability))).toEqual(new Set([0.25]));
  });

  it('goes on from the threshold that a sampler before us left, and tells the next one', () => {
    const traceState = { serialize: () => 'ot=th:8;rv:e0000000000000' };
    const spanContext = () => ({ traceId: idOf(1), spanId: 'b7ad6b7169203331', traceFlags: 1, traceState });
    // A quarter of the way up among the half that got here.
    expect(sampler({ sampleRate: 0.2 }).sampler.judge(spanLike({ spanContext }))).toBe('sampledOut');
    expect(sampler({ sampleRate: 0.5 }).sampler.judge(spanLike({ spanContext }))).toMatchObject({
      probability: 0.5,
      traceState: 'ot=th:c;rv:e0000000000000',
    });
  });
});

describe('under load', () => {
  it('a decision holds for all spans of its trace, also when the rate changes', () => {
    const { sampler: made } = sampler();
    const first = Array.from({ length: 1_000 }, (_, n) => n);
    made.allow({ rate: 0.5, isReserved: false });
    const before = first.map((n) => isKept(made.judge(spanLike({ traceId: idOf(n) }))));
    for (const later of [0.01, 1]) {
      made.allow({ rate: later, isReserved: false });
      expect(first.map((n) => isKept(made.judge(spanLike({ traceId: idOf(n) }))))).toEqual(before);
    }
  });

  it('remembers at most 20,000 traces', () => {
    const { sampler: made } = sampler();
    made.allow({ rate: 0.5, isReserved: false });
    for (let n = 0; n < 100_000; n++) made.judge(spanLike({ traceId: idOf(n) }));
    expect(made.remembered).toBeLessThanOrEqual(20_000);
    expect(made.remembered).toBeGreaterThan(9_000);
  });

  it('a forgotten trace is judged again, the same as long as the rate does not cross its fraction', () => {
    const { sampler: made } = sampler();
    made.allow({ rate: 0.5, isReserved: false });
    const early = Array.from({ length: 500 }, (_, n) => isKept(made.judge(spanLike({ traceId: idOf(n) }))));
    for (let n = 500; n < 60_000; n++) made.judge(spanLike({ traceId: idOf(n) }));
    expect(early.map((_, n) => isKept(made.judge(spanLike({ traceId: idOf(n) }))))).toEqual(early);
  });

  it("'reject' lets known traces go on and refuses new ones", () => {
    const { sampler: made } = sampler({ strategy: 'reject' });
    made.judge(spanLike({ traceId: idOf(1) }));
    made.allow({ rate: 0, isReserved: false });
    expect(made.judge(spanLike({ traceId: idOf(1) }))).toMatchObject({ probability: 1 });
    expect(made.judge(spanLike({ traceId: idOf(2) }))).toBe('backpressure');
    made.allow({ rate: 1, isReserved: false });
    expect(made.judge(spanLike({ traceId: idOf(2) }))).toBe('backpressure');
  });

  it('errors of traces that are given up are rescued when asked, marked as partial', () => {
    const { sampler: made } = sampler({ rescueErrors: true });
    made.allow({ rate: 0, isReserved: false });
    expect(made.judge(spanLike({ traceId: idOf(1) }))).toBe('sampledOut');
    expect(made.judge(spanLike({ traceId: idOf(1), status: { code: 2 } }))).toMatchObject({ isPartial: true });
  });

  it('the reserve of a disk is for traces that are kept already', () => {
    const { sampler: made } = sampler();
    made.judge(spanLike({ traceId: idOf(1) }));
    made.allow({ rate: 1, isReserved: true });
    expect(isKept(made.judge(spanLike({ traceId: idOf(1) })))).toBe(true);
    expect(made.judge(spanLike({ traceId: idOf(2) }))).toBe('sampledOut');
  });
});

describe('protected traces', () => {
  const shed = { rate: 0, isReserved: false };
  const start = (protectedTraces: ProtectedTraces, id: string, attributes: object, context = ROOT_CONTEXT): void =>
    protectedTraces.start(spanLike({ traceId: id, attributes }), context);

  it('are those whose first span the rule names, or that carry a sampling priority', () => {
    const { sampler: made, protectedTraces } = sampler({}, (span) => 'vip' in span.attributes);
    start(protectedTraces, idOf(1), { vip: true });
    start(protectedTraces, idOf(2), { 'sampling.priority': 1 });
    start(protectedTraces, idOf(3), { 'sampling.priority': 0 });
    made.allow(shed);
    const kept = [1, 2, 3].map((n) => isKept(made.judge(spanLike({ traceId: idOf(n) }))));
    expect(kept).toEqual([true, true, false]);
  });

  it('are not made by a span in the middle', () => {
    const { sampler: made, protectedTraces } = sampler();
    const parent = { traceId: idOf(1), spanId: '00f067aa0ba902b7', traceFlags: 1 };
    start(protectedTraces, idOf(1), { 'sampling.priority': 1 }, trace.setSpanContext(ROOT_CONTEXT, parent));
    made.allow(shed);
    expect(made.judge(spanLike({ traceId: idOf(1) }))).toBe('sampledOut');
  });

  it.each<[string, SpanTest]>([
    [
      'throws',
      () => {
        throw new Error('from the application');
      },
    ],
    ['rejects', () => Promise.reject(new Error('from the application'))],
    ['resolves', async () => true],
  ])('are not made by a rule that %s, and nobody is harmed', (_, protects) => {
    const { sampler: made, protectedTraces } = sampler({}, protects);
    start(protectedTraces, idOf(1), {});
    made.allow(shed);
    expect(made.judge(spanLike({ traceId: idOf(1) }))).toBe('sampledOut');
  });
});
