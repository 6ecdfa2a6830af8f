import { createRequire } from 'node:module';
import { OpenAIInstrumentation } from '@elastic/opentelemetry-instrumentation-openai';
import { metrics } from '@opentelemetry/api';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { expect, it, onTestFinished } from 'vitest';
import { exporting } from '../support/exporting.js';
import { startScriptedProvider } from '../support/scripted-provider/scripted-provider.js';

const instrumentation = new OpenAIInstrumentation({ captureMessageContent: true });
/** Loaded through `require`, which is what the instrumentation hooks. */
const { OpenAI } = createRequire(import.meta.url)('openai') as typeof import('openai');

it.each(['v3.225', 'v4-events-only'] as const)(
  "content that Elastic's instrumentation logs makes a generation, at a server of %s",
  async (profile) => {
    const provider = await startScriptedProvider();
    onTestFinished(() => provider.close());
    const world = await exporting(profile, { shouldExportSpan: undefined });
    const loggerProvider = new LoggerProvider({ processors: [world.processor.logRecordProcessor()] });
    instrumentation.setTracerProvider(world.provider);
    instrumentation.setLoggerProvider(loggerProvider);
    instrumentation.setMeterProvider(metrics.getMeterProvider());
    const client = new OpenAI({ apiKey: 'sk-scripted', baseURL: provider.baseUrl, maxRetries: 0 });
    const tools = [{ type: 'function', function: { name: 'getWeather', parameters: {} } }] as const;
    const messages = [{ role: 'user', content: 'Plan a day trip' }] as const;
    await client.chat.completions.create({ model: 'gpt-4o', messages: [...messages], tools: [...tools] });
    await world.processor.flush();
    const call = { id: 'call_1', type: 'function', function: { name: 'getWeather', arguments: { city: 'Salzburg' } } };
    expect(world.server.observations()).toMatchObject([
      {
        type: 'GENERATION',
        model: 'gpt-4o',
        input: messages,
        output: { role: 'assistant', tool_calls: [call], finish_reason: 'tool_calls' },
        usageDetails: { input: 1187, output: 342 },
      },
    ]);
    expect(world.processor.status().counters.logs).toMatchObject({ received: 2, joined: 2 });
    await loggerProvider.shutdown();
  },
);
