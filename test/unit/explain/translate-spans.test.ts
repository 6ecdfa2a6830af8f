import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { describe, expect, it } from 'vitest';
import { translateSpans } from '../../../src/index.js';

/** Spans of an application that handles a card number. */
function spansWith(secret: string) {
  const memory = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(memory)] });
  const span = provider.getTracer('shop').startSpan('pay', {
    attributes: {
      'gen_ai.operation.name': 'chat',
      'langfuse.observation.input': `charge ${secret}`,
      'shop.card': secret,
    },
  });
  span.recordException(new Error(`no such card: ${secret}`));
  span.end();
  return memory.getFinishedSpans();
}

const CARD = '4111 1111 1111 1111';
const bodyOf = (events: ReturnType<typeof translateSpans>) => events.find(({ type }) => type !== 'trace-create')?.body;

describe('the translation of spans that nobody sends', () => {
  it('shows what a mask leaves', () => {
    const spans = spansWith(CARD);
    expect(JSON.stringify(translateSpans(spans))).toContain(CARD);
    const events = translateSpans(spans, { mask: ({ data }) => data.replace(/\b(?:\d{4} ?){3}\d{4}\b/g, '[card]') });
    expect(JSON.stringify(events)).not.toContain(CARD);
    expect(bodyOf(events)).toMatchObject({ name: 'pay', input: 'charge [card]' });
  });

  it('asks about identifiers when the mask is an object', () => {
    const events = translateSpans(spansWith(CARD), { mask: { identifiers: ({ data }) => data.toUpperCase() } });
    expect(bodyOf(events)).toMatchObject({ name: 'PAY', input: `charge ${CARD}` });
  });

  it('waits for nothing: what an asynchronous mask would have to see is withheld', () => {
    const events = translateSpans(spansWith(CARD), { mask: async ({ data }) => data });
    expect(JSON.stringify(events)).not.toContain(CARD);
    expect(bodyOf(events)?.['input']).toBe('[withheld: the mask had not answered]');
  });

  it('leaves files where they stand', () => {
    const uri = `data:image/png;base64,${Buffer.from('a picture of a card').toString('base64')}`;
    expect(bodyOf(translateSpans(spansWith(uri)))?.['input']).toBe(`charge ${uri}`);
  });
});
