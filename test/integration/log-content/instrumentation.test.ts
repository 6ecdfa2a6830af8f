import { createRequire } from 'node:module';
import { metrics } from '@opentelemetry/api';
import { OpenAIInstrumentation } from '@opentelemetry/instrumentation-openai';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Exporting, exporting } from '../../support/exporting.js';
import type { LocalObservation, ProfileName } from '../../support/local-langfuse/index.js';
import { type ScriptedProvider, startScriptedProvider } from '../../support/scripted-provider/scripted-provider.js';

const PROFILES: readonly ProfileName[] = ['v3.225', 'v4-events-only'];
const REFUND = 'Tickets of the flexible fare are refunded in full until the train departs.';

const instrumentation = new OpenAIInstrumentation({ captureMessageContent: true });
/** Loaded through `require`, which is what the instrumentation hooks. */
const { OpenAI } = createRequire(import.meta.url)('openai') as typeof import('openai');

let provider: ScriptedProvider;

beforeEach(async () => {
  provider = await startScriptedProvider();
});

afterEach(() => provider.close());

/** An application with the real instrumentation, whose spans and log records come to one Langfuse. */
async function application(profile: ProfileName) {
  const world = await exporting(profile, { shouldExportSpan: undefined });
  const loggerProvider = new LoggerProvider({ processors: [world.processor.logRecordProcessor()] });
  instrumentation.setTracerProvider(world.provider);
  instrumentation.setLoggerProvider(loggerProvider);
  // Without one it fails at the end of a stream.
  instrumentation.setMeterProvider(metrics.getMeterProvider());
  onTestFinished(() => loggerProvider.shutdown());
  const client = new OpenAI({ apiKey: 'sk-scripted', baseURL: provider.baseUrl, maxRetries: 0 });
  return { ...world, client, loggerProvider };
}

function onlyObservation({ server }: Exporting): LocalObservation | undefined {
  expect(server.observations()).toHaveLength(1);
  return server.observations()[0];
}

describe.each(PROFILES)('content that @opentelemetry/instrumentation-openai logs, at a server of %s', (profile) => {
  it('makes a generation with the question, the answer, model and tokens', async () => {
    const world = await application(profile);
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Can I get a refund?' },
    ] as const;
    await world.client.chat.completions.create({ model: 'gpt-4o', messages: [...messages] });
    await world.processor.flush();
    expect(onlyObservation(world)).toMatchObject({
      type: 'GENERATION',
      model: 'gpt-4o',
      input: messages,
      output: { role: 'assistant', content: REFUND, finish_reason: 'stop' },
      usageDetails: { input: 1187, output: 342 },
    });
    expect(world.processor.status().counters.logs).toMatchObject({ received: 3, joined: 3, waiting: 0 });
  });

  it('shows tool calls and their results', async () => {
    const world = await application(profile);
    const tools = [{ type: 'function', function: { name: 'getWeather', parameters: {} } }] as const;
    const user = { role: 'user', content: 'Plan a day trip' } as const;
    const first = await world.client.chat.completions.create({ model: 'gpt-4o', messages: [user], tools: [...tools] });
    const asked = first.choices[0]?.message;
    const result = { role: 'tool', tool_call_id: 'call_1', content: 'dry' } as const;
    await world.client.chat.completions.create({
      model: 'gpt-4o',
      messages: [user, ...(asked ? [asked] : []), result],
      tools: [...tools],
    });
    await world.processor.flush();
    const call = { id: 'call_1', type: 'function', function: { name: 'getWeather', arguments: { city: 'Salzburg' } } };
    const [calling, answering] = world.server
      .observations()
      .toSorted((a, b) => JSON.stringify(a.input).length - JSON.stringify(b.input).length);
    expect(calling).toMatchObject({ output: { role: 'assistant', tool_calls: [call], finish_reason: 'tool_calls' } });
    expect(answering?.input).toMatchObject([
      { role: 'user' },
      { role: 'assistant', tool_calls: [call] },
      { role: 'tool', id: 'call_1', content: 'dry' },
    ]);
  });

  it('is put together from a stream', async () => {
    const world = await application(profile);
    const messages = [{ role: 'user', content: 'Can I get a refund?' }] as const;
    const stream = await world.client.chat.completions.create({
      model: 'gpt-4o',
      messages: [...messages],
      stream: true,
    });
    const pieces: string[] = [];
    for await (const { choices } of stream) pieces.push(choices[0]?.delta.content ?? '');
    await world.processor.flush();
    expect(onlyObservation(world)).toMatchObject({ input: messages, output: { content: REFUND } });
    expect(pieces.join('')).toBe(REFUND);
  });

  it('shows what was asked when the call failed', async () => {
    const world = await application(profile);
    provider.failNext(1);
    const messages = [{ role: 'user', content: 'Can I get a refund?' }] as const;
    await expect(world.client.chat.completions.create({ model: 'gpt-4o', messages: [...messages] })).rejects.toThrow();
    await world.processor.flush();
    expect(onlyObservation(world)).toMatchObject({ level: 'ERROR', input: messages, output: null });
  });
});
