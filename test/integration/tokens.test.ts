import { createOpenAI } from '@ai-sdk/openai';
import { OpenAIInstrumentation as OpenInference } from '@arizeai/openinference-instrumentation-openai';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OpenAIInstrumentation as OpenLlmetry } from '@traceloop/instrumentation-openai';
import { generateText, stepCountIs, tool } from 'ai';
import { OpenAI } from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { LangfuseOptions } from '../../src/index.js';
import { type Exporting, exporting } from '../support/exporting.js';
import type { LocalObservation, ProfileName } from '../support/local-langfuse/index.js';
import { type ScriptedProvider, startScriptedProvider } from '../support/scripted-provider/scripted-provider.js';
import { CHAT_TOKENS, REASONING_CHAT_TOKENS } from '../support/scripted-provider/truth.js';

const contextManager = new AsyncLocalStorageContextManager();
let provider: ScriptedProvider;

beforeAll(() => void context.setGlobalContextManager(contextManager.enable()));
afterAll(() => context.disable());
beforeEach(async () => {
  provider = await startScriptedProvider();
});
afterEach(() => provider.close());

const totalOf = (observations: readonly LocalObservation[]): number =>
  observations.reduce((sum, { usageDetails }) => sum + (usageDetails['total'] ?? 0), 0);
const isCounted = ({ usageDetails }: LocalObservation): boolean => Object.keys(usageDetails).length > 0;

/** An agent of the AI SDK that calls two tools on the way. */
async function agentOn(profile: ProfileName, options?: LangfuseOptions): Promise<Exporting> {
  const world = await exporting(profile, options);
  const openai = createOpenAI({ baseURL: provider.baseUrl, apiKey: 'test' });
  const inputSchema = z.object({ from: z.string(), to: z.string() });
  await generateText({
    model: openai.chat('gpt-5-mini'),
    prompt: 'Plan a day trip',
    tools: {
      findTrains: tool({ inputSchema, execute: async () => ['08:30'] }),
      getWeather: tool({ inputSchema: z.object({ city: z.string() }), execute: async () => 'dry' }),
    },
    stopWhen: stepCountIs(4),
    experimental_telemetry: { isEnabled: true, tracer: world.provider.getTracer('ai') },
  });
  await world.processor.flush();
  return world;
}

describe.each(['v3.225', 'v4-events-only'] as const)('an agent of the AI SDK on %s', (profile) => {
  it('takes as many tokens in Langfuse as the provider charged', async () => {
    const { server } = await agentOn(profile);
    expect(totalOf(server.observations())).toBe(provider.requests.length * REASONING_CHAT_TOKENS.total);
    const [outer] = server.observations().filter(({ name }) => name === 'ai.generateText');
    expect(outer).toMatchObject({
      type: 'SPAN',
      model: null,
      usageDetails: {},
      metadata: { usage_not_counted: { usageDetails: { total: 2 * REASONING_CHAT_TOKENS.total } } },
    });
  });

  it('shows them on the outer span as well with usageOnWrappers', async () => {
    const { server } = await agentOn(profile, { usageOnWrappers: true });
    expect(totalOf(server.observations())).toBe(2 * provider.requests.length * REASONING_CHAT_TOKENS.total);
  });
});

describe('two instrumentations of one client', () => {
  it('count a call once, though both record it', async () => {
    const { server, provider: tracerProvider, processor } = await exporting('v4-events-only');
    const instrumentations = [new OpenLlmetry(), new OpenInference()];
    for (const instrumentation of instrumentations) {
      instrumentation.setTracerProvider(tracerProvider);
      instrumentation.manuallyInstrument(OpenAI as never);
    }
    const client = new OpenAI({ baseURL: provider.baseUrl, apiKey: 'test' });
    const messages = [{ role: 'user', content: 'Can I get a refund?' }] as const;
    await client.chat.completions.create({ model: 'gpt-4o', messages: [...messages] });
    await processor.flush();
    const observations = server.observations();
    expect(observations.map(({ type }) => type)).toEqual(['GENERATION', 'GENERATION']);
    expect(observations.filter(isCounted)).toHaveLength(1);
    expect(totalOf(observations)).toBe(CHAT_TOKENS.total);
    for (const instrumentation of instrumentations) instrumentation.disable();
  });
});
