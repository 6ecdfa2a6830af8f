import { trace } from '@opentelemetry/api';
import { OpenAI } from 'openai';

const SYSTEM = { role: 'system', content: 'You answer questions about train tickets.' } as const;

/** An ordinary OpenAI client; OpenInference has patched the class, the application adds one span of its own. */
export async function runSupportChat(providerUrl: string): Promise<void> {
  const client = new OpenAI({ apiKey: 'sk-scripted', baseURL: providerUrl });
  const question = 'Can I get a refund for a flexible ticket?';
  // What OpenInference and OpenTelemetry name these things: nothing here is peculiar to Langfuse.
  const attributes = {
    'openinference.span.kind': 'CHAIN',
    'session.id': 'support-9',
    'user.id': 'traveller-7',
    'tag.tags': '["demo","openai"]',
    'input.value': question,
  };
  await trace.getTracer('support-chat').startActiveSpan('support-chat', { attributes }, async (span) => {
    const streamed = await streamAnswer(client, question);
    const plain = await answer(client, streamed, 'May I take my bicycle?');
    span.setAttribute('output.value', plain);
    span.end();
  });
}

async function streamAnswer(client: OpenAI, question: string): Promise<string> {
  const stream = await client.chat.completions.create({
    model: 'gpt-4o-mini',
    messages: [SYSTEM, { role: 'user', content: question }],
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
  return text;
}

async function answer(client: OpenAI, previous: string, question: string): Promise<string> {
  const completion = await client.chat.completions.create({
    model: 'gpt-4o-mini',
    messages: [SYSTEM, { role: 'assistant', content: previous }, { role: 'user', content: question }],
  });
  return completion.choices[0]?.message.content ?? '';
}
