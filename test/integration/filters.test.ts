import { ROOT_CONTEXT, type Span, SpanKind, TraceFlags, trace } from '@opentelemetry/api';
import { BasicTracerProvider, type Sampler, SamplingDecision } from '@opentelemetry/sdk-trace-base';
import { describe, expect, it } from 'vitest';
import type { LangfuseOptions, SpanLike } from '../../src/index.js';
import { type Exporting, exporting } from '../support/exporting.js';

const CHAT = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-5' };

/** The default filter, or the given one. */
const filtering = (shouldExportSpan?: LangfuseOptions['shouldExportSpan']): Promise<Exporting> =>
  exporting('v4-events-only', { shouldExportSpan });

/** Starts spans by scope and name, as children of each other. */
function starter({ provider }: { readonly provider: BasicTracerProvider }) {
  return (scope: string, name: string, parent?: Span, attributes = {}): Span =>
    provider
      .getTracer(scope)
      .startSpan(name, { attributes }, parent ? trace.setSpan(ROOT_CONTEXT, parent) : ROOT_CONTEXT);
}

/** What arrived, as `name < name of its parent`; a parent that did not arrive shows as its id. */
async function arrived({ processor, server }: Exporting): Promise<string[]> {
  await processor.flush();
  const observations = server.observations();
  const names = new Map(observations.map(({ id, name }) => [id, name]));
  return observations
    .map(({ name, parentObservationId: parent }) => (parent ? `${name} < ${names.get(parent) ?? parent}` : `${name}`))
    .sort();
}

function end(...spans: readonly Span[]): void {
  for (const span of spans) span.end();
}

describe('the default filter', () => {
  it('keeps model calls and the request they belong to, and leaves out the plumbing between and below', async () => {
    const world = await filtering();
    const start = starter(world);
    const request = start('@opentelemetry/instrumentation-http', 'POST /chat');
    const handler = start('@opentelemetry/instrumentation-express', 'request handler', request);
    const query = start('@opentelemetry/instrumentation-pg', 'pg.query', handler);
    const text = start('ai', 'ai.generateText', handler);
    const call = start('ai', 'ai.generateText.doGenerate', text);
    const post = start('@opentelemetry/instrumentation-undici', 'POST', call);
    end(query, post, call, text, handler, request);
    expect(await arrived(world)).toEqual([
      'POST /chat',
      'ai.generateText < POST /chat',
      'ai.generateText.doGenerate < ai.generateText',
    ]);
    expect(world.processor.status().ledger).toMatchObject({ ended: 6, filtered: 3, accepted: 3 });
  });

  it('leaves out a trace without any model call, whatever a context handed down to its spans', async () => {
    const world = await filtering();
    const start = starter(world);
    const carried = { 'traceloop.workflow.name': 'w', 'langfuse.environment': 'e', 'gen_ai.conversation.id': 'c' };
    const request = start('@opentelemetry/instrumentation-http', 'GET /health', undefined, carried);
    end(start('@opentelemetry/instrumentation-pg', 'pg.query', request, carried), request);
    expect(await arrived(world)).toEqual([]);
    expect(world.processor.status().ledger).toMatchObject({ ended: 2, filtered: 2 });
  });

  it('knows a span by an attribute that comes after its start, also when a child is exported before it ends', async () => {
    const world = await filtering();
    const start = starter(world);
    const root = start('app', 'root');
    const agent = start('app', 'agent', root);
    const chat = start('app', 'chat', agent, CHAT);
    agent.setAttribute('gen_ai.operation.name', 'invoke_agent');
    end(chat);
    await world.processor.flush();
    end(agent, root);
    expect(await arrived(world)).toEqual(['agent < root', 'chat < agent', 'root']);
  });

  it('makes a root of a call that comes after the request it belongs to was left out', async () => {
    const world = await filtering();
    const start = starter(world);
    const request = start('@opentelemetry/instrumentation-http', 'POST /jobs');
    end(request);
    const job = start('app', 'job', request);
    end(start('ai', 'ai.embed', job), job);
    expect(await arrived(world)).toEqual(['ai.embed < job', 'job']);
    expect(world.processor.status().ledger).toMatchObject({ ended: 3, filtered: 1 });
  });

  it('keeps the span with which a trace of another process enters this one, and its place there', async () => {
    const world = await filtering();
    const remote = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: TraceFlags.SAMPLED, isRemote: true };
    const request = world.provider
      .getTracer('@opentelemetry/instrumentation-http')
      .startSpan('POST /chat', { kind: SpanKind.SERVER }, trace.setSpanContext(ROOT_CONTEXT, remote));
    end(starter(world)('ai', 'ai.generateText', request), request);
    expect(await arrived(world)).toEqual([`POST /chat < ${remote.spanId}`, 'ai.generateText < POST /chat']);
    expect(world.server.observations().map(({ name, isAppRoot }) => [name, isAppRoot])).toContainEqual([
      'POST /chat',
      true,
    ]);
  });

  it('gives the children of an unsampled span the parent above it', async () => {
    const world = await filtering();
    const sampler: Sampler = {
      shouldSample: (_context, _traceId, name) => ({
        decision: name === 'unsampled' ? SamplingDecision.RECORD : SamplingDecision.RECORD_AND_SAMPLED,
      }),
    };
    const start = starter({ provider: new BasicTracerProvider({ sampler, spanProcessors: [world.processor] }) });
    const root = start('ai', 'root');
    const unsampled = start('ai', 'unsampled', root);
    end(start('ai', 'call', unsampled), unsampled, root);
    expect(await arrived(world)).toEqual(['call < root', 'root']);
    expect(world.processor.status().ledger).toMatchObject({ ended: 3, unsampled: 1 });
  });
});

describe('include and exclude', () => {
  it('take more than the default does, and less', async () => {
    const world = await filtering({
      include: ({ otelSpan }) => otelSpan.name === 'plan',
      exclude: [{ scope: 'ai', name: /^embed/ }, 'noisy-llm', { attribute: 'app.internal' }],
    });
    const start = starter(world);
    const root = start('app', 'root');
    const plan = start('app', 'plan', root);
    const spans = [
      start('ai', 'embed query', plan),
      start('ai', 'chat', plan),
      start('noisy-llm', 'chat with itself', plan, CHAT),
      start('app', 'secret chat', plan, { ...CHAT, 'app.internal': true }),
      start('app', 'step', plan),
    ];
    end(...spans, plan, root);
    expect(await arrived(world)).toEqual(['chat < plan', 'plan < root', 'root']);
    expect(world.processor.status().ledger).toMatchObject({ ended: 7, filtered: 4, accepted: 3 });
  });

  it('hang the children of an excluded span on the nearest exported one above it', async () => {
    const world = await filtering({ exclude: { name: /^wrapper/ } });
    const start = starter(world);
    const agent = start('ai', 'agent');
    const outer = start('ai', 'wrapper 1', agent);
    const inner = start('ai', 'wrapper 2', outer);
    const early = start('ai', 'early', inner);
    end(early);
    await world.processor.flush();
    const late = start('ai', 'late', inner);
    end(inner, outer, late, agent);
    expect(await arrived(world)).toEqual(['agent', 'early < agent', 'late < agent']);
  });

  it('leave out even the span a trace begins with, when it is excluded', async () => {
    const world = await filtering({ exclude: '@opentelemetry/instrumentation-http' });
    const start = starter(world);
    const request = start('@opentelemetry/instrumentation-http', 'POST /chat');
    end(start('ai', 'ai.generateText', request), request);
    expect(await arrived(world)).toEqual(['ai.generateText']);
    expect(world.server.observations()[0]).toMatchObject({ traceName: 'ai.generateText' });
  });
});

describe('a function', () => {
  it('replaces the default, and decides for the span a trace begins with as well', async () => {
    const asked: string[] = [];
    const world = await filtering(({ otelSpan }) => {
      asked.push(otelSpan.name);
      return otelSpan.name.startsWith('keep');
    });
    const start = starter(world);
    const root = start('ai', 'root');
    const keeper = start('app', 'keep 1', root);
    const middle = start('ai', 'middle', keeper);
    const children = [start('app', 'keep 2', middle), start('app', 'keep 3', middle)];
    end(...children);
    await world.processor.flush();
    end(middle, keeper, root);
    expect(await arrived(world)).toEqual(['keep 1', 'keep 2 < keep 1', 'keep 3 < keep 1']);
    expect(asked.filter((name) => name === 'middle')).toHaveLength(2);
  });

  it('that throws or answers with a promise costs the span, is counted and told, and harms nobody', async () => {
    const world = await filtering(({ otelSpan }: { readonly otelSpan: SpanLike }) => {
      if (otelSpan.name === 'throws') throw new Error('from the application');
      return (otelSpan.name === 'promises' ? Promise.resolve(true) : true) as boolean;
    });
    const start = starter(world);
    const root = start('app', 'root');
    const broken = start('app', 'throws', root);
    end(start('app', 'promises', root), start('app', 'inside', broken), broken, root);
    expect(await arrived(world)).toEqual(['inside < root', 'root']);
    expect(world.processor.status().ledger.refused.internal_error).toBe(2);
  });
});

it('a loop in which each turn is a child of the one before begins a trace where it first exports something', async () => {
  const world = await filtering();
  const start = starter(world);
  let turn = start('app', 'turn 0');
  for (let n = 1; n <= 1_000; n++) {
    end(turn);
    turn = start('app', `turn ${n}`, turn);
    if (n % 500 === 0) end(start('ai', `call ${n}`, turn));
  }
  end(turn);
  expect(await arrived(world)).toEqual(['call 1000 < turn 500', 'call 500 < turn 500', 'turn 500']);
});
