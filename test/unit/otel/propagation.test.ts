import { propagateAttributes } from '@langfuse/core';
import { context, propagation, ROOT_CONTEXT, type Span, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Propagation } from '../../../src/otel/propagation.js';
import { SideTable } from '../../../src/runtime/side-table.js';

const manager = new AsyncLocalStorageContextManager();
beforeAll(() => void context.setGlobalContextManager(manager.enable()));
afterAll(() => context.disable());

/** A real tracer whose processor does nothing but note where spans start. */
function tracing(trustsBaggage = false) {
  const noted = new Propagation(trustsBaggage, new SideTable(() => ({})));
  const processor = {
    onStart: (span: object, parent: Parameters<Propagation['note']>[1]) => noted.note(span, parent),
    onEnd: () => {},
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const tracer = new BasicTracerProvider({ spanProcessors: [processor] }).getTracer('test');
  const inside = <T>(span: Span, work: () => T): T => context.with(trace.setSpan(context.active(), span), work);
  return { noted, tracer, inside };
}

describe('a span gets from where it starts', () => {
  it('everything that propagateAttributes of @langfuse/core propagates', () => {
    const { noted, tracer } = tracing();
    const given = {
      userId: 'u',
      sessionId: 's',
      tags: ['a', 'b'],
      metadata: { tenant: 'acme' },
      version: '2',
      traceName: 'Booking',
      environment: 'staging',
      prompt: { name: 'greeting', version: 3, isFallback: false },
    };
    const span = propagateAttributes(given, () => tracer.startSpan('chat'));
    expect(noted.of(span)).toMatchObject({
      trace: { userId: 'u', sessionId: 's', tags: ['a', 'b'], metadata: { tenant: 'acme' }, name: 'Booking' },
      version: '2',
      environment: 'staging',
      prompt: { name: 'greeting', version: 3 },
    });
  });

  it('the item and the run of an experiment, and its environment', () => {
    const { noted, tracer } = tracing();
    const experiment = {
      experimentId: 'run-1',
      experimentName: 'nightly',
      experimentItemId: 'item-7',
      experimentItemRootObservationId: 'b7ad6b7169203331',
      experimentMetadata: '{"seed":1}',
    };
    const span = propagateAttributes({ _internalExperiment: experiment }, () => tracer.startSpan('task'));
    expect(noted.of(span)).toMatchObject({
      environment: 'sdk-experiment',
      experiment: {
        id: 'run-1',
        name: 'nightly',
        metadata: '{"seed":1}',
        'item.id': 'item-7',
        'item.root_observation_id': 'b7ad6b7169203331',
      },
    });
  });

  it('what the spans above it say of the trace, under the names of any library, the nearest first', () => {
    const { noted, tracer, inside } = tracing();
    const root = tracer.startSpan('agent', { attributes: { 'enduser.id': 'far', 'gen_ai.conversation.id': 'conv' } });
    const middle = inside(root, () => tracer.startSpan('step', { attributes: { 'user.id': 'near' } }));
    middle.setAttribute('langfuse.trace.metadata.tenant', 'acme');
    const leaf = inside(middle, () => tracer.startSpan('chat'));
    expect(noted.of(leaf)?.trace).toMatchObject({ userId: 'near', sessionId: 'conv', metadata: { tenant: 'acme' } });
  });

  it('what the entry span learns later, its user and the name of its route', () => {
    const { noted, tracer, inside } = tracing();
    const root = tracer.startSpan('POST');
    const leaf = inside(root, () => tracer.startSpan('chat'));
    expect(noted.of(leaf)?.entryName).toBe('POST');
    root.updateName('POST /chat').setAttribute('user.id', 'u');
    expect(noted.of(leaf)).toMatchObject({ entryName: 'POST /chat', trace: { userId: 'u' } });
  });

  it('no prompt of the span above, which is meant for that one', () => {
    const { noted, tracer, inside } = tracing();
    const root = tracer.startSpan('chat', {
      attributes: { 'langfuse.observation.prompt.name': 'p', 'langfuse.observation.prompt.version': 1, 'user.id': 'u' },
    });
    const leaf = inside(root, () => tracer.startSpan('chat'));
    expect(noted.of(leaf)?.prompt).toBeUndefined();
  });

  it('nothing where there is nothing', () => {
    const { noted, tracer } = tracing();
    expect(noted.of(tracer.startSpan('root', {}, ROOT_CONTEXT))).toBeUndefined();
  });
});

describe('baggage from elsewhere', () => {
  const fromElsewhere = propagation.setBaggage(
    ROOT_CONTEXT,
    propagation.createBaggage({
      langfuse_user_id: { value: 'u' },
      langfuse_session_id: { value: 's' },
      langfuse_tags: { value: 'a,b' },
      langfuse_trace_name: { value: 'Booking' },
      langfuse_metadata_tenant: { value: 'acme' },
      langfuse_trace_id: { value: '0af7651916cd43dd8448eb211c80319c' },
      langfuse_version: { value: 'x'.repeat(201) },
      user_id: { value: 'somebody else’s' },
    }),
  );

  it('is not believed unless the application says so', () => {
    const { noted, tracer } = tracing();
    expect(noted.of(tracer.startSpan('chat', {}, fromElsewhere))).toBeUndefined();
  });

  it('that is trusted gives what @langfuse/core writes into it, and nothing else', () => {
    const { noted, tracer } = tracing(true);
    const inherited = noted.of(tracer.startSpan('chat', {}, fromElsewhere));
    expect(inherited?.trace).toEqual({
      userId: 'u',
      sessionId: 's',
      tags: ['a', 'b'],
      name: 'Booking',
      metadata: { tenant: 'acme' },
    });
    expect(inherited?.version).toBeUndefined();
  });

  it('is written as it is read, the context winning over it', () => {
    const { noted, tracer } = tracing(true);
    const written = { userId: 'u', tags: ['a'], metadata: { tenant: 'acme' }, asBaggage: true };
    const baggage = propagateAttributes(written, () => propagation.getBaggage(context.active()));
    const received = propagation.setBaggage(ROOT_CONTEXT, baggage ?? propagation.createBaggage());
    const span = context.with(received, () => propagateAttributes({ userId: 'here' }, () => tracer.startSpan('chat')));
    expect(noted.of(span)?.trace).toMatchObject({ userId: 'here', tags: ['a'], metadata: { tenant: 'acme' } });
  });
});
