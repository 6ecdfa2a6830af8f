import { setTimeout as wait } from 'node:timers/promises';
import { createOpenAI } from '@ai-sdk/openai';
import { trace } from '@opentelemetry/api';
import { generateText, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';

/** Stands for the time a real look-up takes. */
const LOOKUP_MS = 20;

const findTrains = tool({
  description: 'Departures between two cities this morning',
  inputSchema: z.object({ from: z.string(), to: z.string() }),
  execute: ({ from, to }) =>
    // A span that has nothing to do with language models: the default filter keeps it out of Langfuse, and counts it.
    trace.getTracer('timetable').startActiveSpan('SELECT departures', async (span) => {
      await wait(LOOKUP_MS);
      span.end();
      return { from, to, departures: ['07:30', '08:30', '09:30'] };
    }),
});

const getWeather = tool({
  description: "Today's weather in a city",
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => {
    await wait(LOOKUP_MS);
    return { city, celsius: 21, rainFrom: '17:00' };
  },
});

/** An ordinary AI SDK 6 program: two tools, two steps, then a streamed text. Only the telemetry settings are special. */
export async function runAgent(providerUrl: string): Promise<void> {
  const openai = createOpenAI({ apiKey: 'sk-scripted', baseURL: providerUrl });
  await generateText({
    model: openai('gpt-5-mini'),
    system: 'You plan day trips by train.',
    prompt: 'Plan a day trip from Vienna to Salzburg for today.',
    tools: { findTrains, getWeather },
    stopWhen: stepCountIs(4),
    experimental_telemetry: telemetry('plan-trip'),
  });
  const postcard = streamText({
    model: openai('gpt-5-mini'),
    prompt: 'Write a postcard from Salzburg, one sentence.',
    experimental_telemetry: telemetry('write-postcard'),
  });
  await postcard.consumeStream();
}

/** Names the trace and says whose it is; both traces belong to one session. */
function telemetry(functionId: string) {
  const metadata = { userId: 'traveller-7', sessionId: 'trip-42', tags: ['demo', 'ai-sdk'] };
  return { isEnabled: true, functionId, metadata };
}
