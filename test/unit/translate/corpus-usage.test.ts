import { describe, expect, it } from 'vitest';
import { translateSpans } from '../../../src/index.js';
import type { SpanData } from '../../../src/span.js';
import { corpus } from '../../support/corpus.js';
import { type Charge, chargeOf, EMBEDDED_TEXT, EXCEPTIONS, type Exception } from '../../support/corpus-charges.js';
import { toSpanLike } from '../../support/corpus-spans.js';
import { spanDataOf } from '../../support/otlp-span-data.js';

/** A call of a model, as our observation has it and as it was recorded. */
interface Call {
  readonly run: string;
  readonly model: string;
  readonly isEmbedding: boolean;
  readonly usage: Charge | undefined;
  readonly texts: number;
  readonly span: SpanData;
}

interface Body {
  readonly id: string;
  readonly model?: string;
  readonly parentObservationId?: string;
  readonly usageDetails?: Charge;
  readonly input?: unknown;
}

const RUNS = corpus().map((run) => {
  const spans = spanDataOf(run.resourceSpans);
  const bodies = translateSpans(spans.map(toSpanLike))
    .filter(({ type }) => type !== 'trace-create')
    .map(({ type, body }) => ({ type, ...(body as unknown as Body) }));
  return { name: run.name, spans, bodies };
});

const CALLS: readonly Call[] = RUNS.flatMap(({ name, spans, bodies }) =>
  bodies.flatMap(({ id, type, model = '', usageDetails, input }) => {
    const span = spans.find(({ spanId }) => spanId === id);
    if (span === undefined || (model === '' && usageDetails === undefined)) return [];
    const texts = Array.isArray(input) ? input.length : 1;
    return [{ run: name, model, isEmbedding: type === 'embedding-create', usage: plain(usageDetails), texts, span }];
  }),
);

/** Zeros say nothing, and the LangChain handler of Langfuse has a name of its own for cached tokens, at the same price. */
function plain(usage: Charge | undefined): Charge | undefined {
  if (usage === undefined) return undefined;
  const kept = Object.entries(usage).filter(([, tokens]) => tokens !== 0);
  return Object.fromEntries(
    kept.map(([key, tokens]) => [key === 'input_cache_read' ? 'input_cached_tokens' : key, tokens]),
  );
}

function chargeFor({ run, model, isEmbedding, texts }: Call): Charge {
  if (!isEmbedding) return chargeOf(run, model);
  return { input: EMBEDDED_TEXT * texts, total: EMBEDDED_TEXT * texts };
}

const isSame = (a: Charge | undefined, b: Charge | undefined): boolean =>
  JSON.stringify(Object.entries(a ?? {}).sort()) === JSON.stringify(Object.entries(b ?? {}).sort());

const exceptionFor = ({ run, usage }: Call): Exception | undefined =>
  EXCEPTIONS.find((exception) => exception.runs.test(run) && isSame(exception.usage, usage));

describe('the tokens of every recorded call', () => {
  it('are what the provider charged, but for reviewed spans that do not say', () => {
    const wrong = CALLS.filter((call) => !isSame(call.usage, chargeFor(call)) && !exceptionFor(call));
    expect(wrong.map(({ run, model, usage }) => ({ run, model, usage }))).toEqual([]);
    expect(CALLS.length).toBeGreaterThan(200);
  });

  it('have no exception that is not needed', () => {
    const needed = new Set(CALLS.filter((call) => !isSame(call.usage, chargeFor(call))).map(exceptionFor));
    expect(EXCEPTIONS.filter((exception) => !needed.has(exception))).toEqual([]);
  });

  it('leave out only what is nowhere in the span', () => {
    const carried = CALLS.flatMap((call) => {
      const charge = chargeFor(call);
      if (isSame(call.usage, charge) || call.isEmbedding) return [];
      const said = new Set(numbersIn(call.span));
      const missing = Object.entries(charge).filter(([key]) => !['input', 'output', 'total'].includes(key));
      // A count that was found is in the span; one that was not must not be.
      const found = missing.filter(([key, tokens]) => said.has(tokens) && call.usage?.[key] !== tokens);
      return found.map(([key, tokens]) => `${call.run}: ${key} ${tokens}`);
    });
    expect(carried).toEqual([]);
  });

  it('add up to the total', () => {
    for (const { usage, run } of CALLS) {
      if (usage?.['total'] === undefined) continue;
      const { total, ...buckets } = usage;
      expect(
        Object.values(buckets).reduce((sum, tokens) => sum + tokens, 0),
        run,
      ).toBe(total);
    }
  });

  it('are counted on one span of a branch', () => {
    const twice = RUNS.flatMap(({ name, bodies }) => {
      const counted = new Map(bodies.map((body) => [body.id, body.usageDetails !== undefined]));
      const parents = new Map(bodies.map((body) => [body.id, body.parentObservationId]));
      const isCountedAbove = (id: string | undefined): boolean =>
        id !== undefined && (counted.get(id) === true || isCountedAbove(parents.get(id)));
      return bodies
        .filter(({ id }) => counted.get(id) === true && isCountedAbove(parents.get(id)))
        .map(({ id }) => `${name} ${id}`);
    });
    expect(twice).toEqual([]);
  });
});

/** All numbers under keys that are about tokens, also in JSON inside the attributes. */
function numbersIn({ attributes }: SpanData): number[] {
  const text = JSON.stringify(attributes);
  const counts = text.matchAll(/(?:cache|reasoning|thought|token|ephemeral)[a-z0-9_.]*\\*"\s*:\s*\\*"?(\d+)/gi);
  return [...counts].map(([, digits]) => Number(digits));
}
