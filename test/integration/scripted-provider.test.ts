import { createOpenAI } from '@ai-sdk/openai';
import { embedMany, generateText, stepCountIs, streamText, tool } from 'ai';
import { OpenAI, RateLimitError } from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ScriptedProvider, startScriptedProvider } from '../support/scripted-provider/scripted-provider.js';
import {
  CHAT_TOKENS,
  EMBEDDING_DIMENSIONS,
  EMBEDDING_TOKENS_PER_TEXT,
  REASONING_CHAT_TOKENS,
} from '../support/scripted-provider/truth.js';

let provider: ScriptedProvider;

beforeEach(async () => {
  provider = await startScriptedProvider();
});

afterEach(() => provider.close());

const REFUND = 'Tickets of the flexible fare are refunded in full until the train departs.';
const DAY_TRIP = /^Take the 08:30 train/;

describe('the scripted provider, for the OpenAI client', () => {
  const ask = [{ role: 'user', content: 'Can I get a refund?' }] as const;
  const functionTool = (name: string) => ({ type: 'function', function: { name, parameters: {} } }) as const;

  it('answers a chat from the script, with cached and reasoning tokens in the usage', async () => {
    const completion = await client().chat.completions.create({ model: 'gpt-5', messages: [...ask] });
    expect(completion.choices[0]?.message.content).toBe(REFUND);
    expect(completion.usage).toMatchObject({
      prompt_tokens: REASONING_CHAT_TOKENS.input,
      completion_tokens: REASONING_CHAT_TOKENS.output,
      total_tokens: REASONING_CHAT_TOKENS.total,
      prompt_tokens_details: { cached_tokens: REASONING_CHAT_TOKENS.cached },
      completion_tokens_details: { reasoning_tokens: REASONING_CHAT_TOKENS.reasoning },
    });
  });

  it('streams the same text word by word, and the usage last when asked for it', async () => {
    const stream = await client().chat.completions.create({
      model: 'gpt-4o-mini',
      messages: [...ask],
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await collect(stream);
    const pieces = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '');
    expect(pieces.join('')).toBe(REFUND);
    expect(pieces.filter((piece) => piece !== '').length).toBeGreaterThan(5);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: CHAT_TOKENS.total } });
  });

  it('streams no usage when nobody asked for it', async () => {
    const stream = await client().chat.completions.create({ model: 'gpt-4o-mini', messages: [...ask], stream: true });
    expect((await collect(stream)).some((chunk) => 'usage' in chunk)).toBe(false);
  });

  it('calls the offered tools first, then answers from their results', async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'Plan a day trip' }];
    const tools = [functionTool('findTrains'), functionTool('getWeather')];
    const first = await client().chat.completions.create({ model: 'gpt-4o-mini', messages, tools });
    const asked = first.choices[0]?.message;
    expect(first.choices[0]?.finish_reason).toBe('tool_calls');
    expect(asked?.tool_calls).toMatchObject([
      { id: 'call_1', function: { name: 'findTrains', arguments: '{"from":"Vienna","to":"Salzburg"}' } },
      { id: 'call_2', function: { name: 'getWeather', arguments: '{"city":"Salzburg"}' } },
    ]);
    const results = ['call_1', 'call_2'].map((id) => ({ role: 'tool', tool_call_id: id, content: 'ok' }) as const);
    const second = await client().chat.completions.create({
      model: 'gpt-4o-mini',
      messages: [...messages, ...(asked ? [asked] : []), ...results],
      tools,
    });
    expect(second.choices[0]?.message.content).toMatch(DAY_TRIP);
  });

  it('streams tool calls in pieces that the client puts together', async () => {
    const stream = client().chat.completions.stream({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'Plan a day trip' }],
      tools: [functionTool('getWeather')],
    });
    const message = await stream.finalMessage();
    expect(message.tool_calls).toMatchObject([{ function: { name: 'getWeather', arguments: '{"city":"Salzburg"}' } }]);
  });

  it('answers and streams on the Responses endpoint', async () => {
    const request = { model: 'gpt-5', input: 'Can I get a refund?' };
    const plain = await client().responses.create(request);
    const events = await collect(await client().responses.create({ ...request, stream: true }));
    const last = events.at(-1);
    expect(plain.output_text).toBe(REFUND);
    expect(plain.usage?.output_tokens_details.reasoning_tokens).toBe(REASONING_CHAT_TOKENS.reasoning);
    expect(last?.type).toBe('response.completed');
    expect(deltasOf(events)).toBe(REFUND);
  });

  it('embeds texts, as floats and as base64', async () => {
    const request = { model: 'text-embedding-3-small', input: ['one', 'three'] };
    const floats = await client().embeddings.create({ ...request, encoding_format: 'float' });
    const decoded = await client().embeddings.create(request);
    expect(floats.data.map((row) => row.embedding.length)).toEqual([EMBEDDING_DIMENSIONS, EMBEDDING_DIMENSIONS]);
    expect(decoded.data.map((row) => Array.from(row.embedding))).toEqual(floats.data.map((row) => row.embedding));
    expect(floats.usage.prompt_tokens).toBe(2 * EMBEDDING_TOKENS_PER_TEXT);
  });

  it('fails as often as told, so that a client without retries sees the 429 and one with retries does not', async () => {
    const request = { model: 'gpt-4o-mini', messages: [...ask] };
    provider.failNext(1);
    await expect(client().chat.completions.create(request)).rejects.toThrow(RateLimitError);
    provider.failNext(2);
    const recovered = await client({ maxRetries: 2 }).chat.completions.create(request);
    expect(recovered.choices[0]?.message.content).toBe(REFUND);
    expect(provider.requests).toHaveLength(4);
  });

  it('names the path it does not have', async () => {
    await expect(client().models.list()).rejects.toThrow('no GET /v1/models');
  });
});

describe('the scripted provider, for the AI SDK', () => {
  const tools = {
    findTrains: tool({
      inputSchema: z.object({ from: z.string(), to: z.string() }),
      execute: async () => ['08:30'],
    }),
    getWeather: tool({ inputSchema: z.object({ city: z.string() }), execute: async () => 'dry' }),
  };

  it.each(['chat', 'responses'] as const)('carries an agent through two tools and two steps (%s)', async (endpoint) => {
    const result = await generateText({
      model: sdk()[endpoint]('gpt-5-mini'),
      prompt: 'Plan a day trip',
      tools,
      stopWhen: stepCountIs(4),
    });
    expect(result.steps.map((step) => step.toolCalls.map((call) => call.toolName))).toEqual([
      ['findTrains', 'getWeather'],
      [],
    ]);
    expect(result.text).toMatch(DAY_TRIP);
    expect(result.usage).toMatchObject({
      inputTokens: REASONING_CHAT_TOKENS.input,
      outputTokens: REASONING_CHAT_TOKENS.output,
      inputTokenDetails: { cacheReadTokens: REASONING_CHAT_TOKENS.cached },
      outputTokenDetails: { reasoningTokens: REASONING_CHAT_TOKENS.reasoning },
    });
  });

  it.each(['chat', 'responses'] as const)('streams text and tool calls (%s)', async (endpoint) => {
    const result = streamText({
      model: sdk()[endpoint]('gpt-4o-mini'),
      prompt: 'Plan a day trip',
      tools,
      stopWhen: stepCountIs(4),
    });
    const pieces = await collect(result.textStream);
    const steps = await result.steps;
    expect(pieces.join('')).toMatch(DAY_TRIP);
    expect(pieces.length).toBeGreaterThan(5);
    expect(steps[0]?.toolCalls.map((call) => call.input)).toEqual([
      { from: 'Vienna', to: 'Salzburg' },
      { city: 'Salzburg' },
    ]);
    expect((await result.usage).totalTokens).toBe(CHAT_TOKENS.total);
  });

  it('embeds many texts', async () => {
    const model = sdk().embedding('text-embedding-3-small');
    const { embeddings, usage } = await embedMany({ model, values: ['one', 'three'] });
    expect(embeddings).toHaveLength(2);
    expect(usage.tokens).toBe(2 * EMBEDDING_TOKENS_PER_TEXT);
  });

  it('is retried after a 429 without waiting', async () => {
    provider.failNext(2);
    const { text } = await generateText({ model: sdk().chat('gpt-4o-mini'), prompt: 'A refund?', maxRetries: 2 });
    expect(text).toBe(REFUND);
  });
});

function client(options: { maxRetries?: number } = {}): OpenAI {
  return new OpenAI({ apiKey: 'sk-scripted', baseURL: provider.baseUrl, maxRetries: options.maxRetries ?? 0 });
}

function sdk() {
  return createOpenAI({ apiKey: 'sk-scripted', baseURL: provider.baseUrl });
}

async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function deltasOf(events: readonly OpenAI.Responses.ResponseStreamEvent[]): string {
  return events.map((event) => (event.type === 'response.output_text.delta' ? event.delta : '')).join('');
}
