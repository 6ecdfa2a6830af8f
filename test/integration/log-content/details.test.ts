import { expect, it } from 'vitest';
import type { LogRecordLike } from '../../../src/index.js';
import { exporting } from '../../support/exporting.js';
import { LOGGING_SCOPE } from '../../support/log-records.js';

const DETAILS = 'gen_ai.client.inference.operation.details';
const INPUT = [{ role: 'user', parts: [{ type: 'text', content: 'when?' }] }];
const OUTPUT = [{ role: 'assistant', parts: [{ type: 'text', content: 'now' }], finish_reason: 'stop' }];

async function world(attributes: { readonly [key: string]: string }) {
  const made = await exporting('v3.225');
  const logs = made.processor.logRecordProcessor();
  const span = made.provider.getTracer(LOGGING_SCOPE).startSpan('chat m', {
    attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm', ...attributes },
  });
  const details = (content: { readonly [key: string]: unknown }): LogRecordLike => ({
    eventName: DETAILS,
    spanContext: span.spanContext(),
    attributes: { 'gen_ai.provider.name': 'openai', ...content },
    instrumentationScope: { name: LOGGING_SCOPE },
  });
  return { ...made, logs, span, details };
}

it('details that come in a record for the question and one for the answer are read with the instructions on the span', async () => {
  const { server, processor, logs, span, details } = await world({ 'gen_ai.system_instructions': 'Be brief.' });
  logs.onEmit(details({ 'gen_ai.input.messages': INPUT }));
  logs.onEmit(details({ 'gen_ai.output.messages': OUTPUT }));
  span.end();
  await processor.flush();
  expect(server.observations()[0]).toMatchObject({
    input: [{ role: 'system', content: 'Be brief.' }, { role: 'user' }],
    output: [{ role: 'assistant' }],
  });
});

it('what the span says itself wins over what comes for it, and the first question over a repeated one', async () => {
  const { server, processor, logs, span, details } = await world({ 'gen_ai.output.messages': JSON.stringify(OUTPUT) });
  logs.onEmit(details({ 'gen_ai.input.messages': INPUT, 'gen_ai.output.messages': [] }));
  logs.onEmit(details({ 'gen_ai.input.messages': [] }));
  span.end();
  await processor.flush();
  expect(server.observations()[0]).toMatchObject({ input: INPUT, output: OUTPUT });
});
