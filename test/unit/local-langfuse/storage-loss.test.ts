import { describe, expect, it } from 'vitest';
import { type BatchReply, event, ingest } from './client.js';
import { served } from './served.js';

const HALF_EMOJI = 'cut \ud83d';

const batch = (strange: object) => [
  event('trace-create', { id: 't' }),
  event('span-create', { id: 'beside', traceId: 't' }),
  event('generation-create', { id: 'strange', traceId: 't', ...strange }),
];

describe('content that is accepted and then lost', () => {
  it.each([
    ['half an emoji in the input', { input: HALF_EMOJI }],
    ['half an emoji in a metadata value', { metadata: { note: HALF_EMOJI } }],
    ['half an emoji in a metadata key', { metadata: { [HALF_EMOJI]: 1 } }],
    ['a token count beyond 2^64', { usageDetails: { input: 1e25 } }],
  ])('takes its neighbours along on v3: %s', async (_, strange) => {
    const langfuse = await served('v3.225');
    const { successes } = (await ingest(langfuse, batch(strange))).json<BatchReply>();
    expect(successes).toHaveLength(3);
    expect(langfuse.observations()).toEqual([]);
    expect(langfuse.traces()).toHaveLength(1);
    expect(langfuse.deliveries('beside')).toBe(1);
  });

  it('is harmless on v3 where the server makes JSON text of it', async () => {
    const langfuse = await served('v3.225');
    await ingest(langfuse, batch({ output: { text: HALF_EMOJI }, metadata: { deep: { note: HALF_EMOJI } } }));
    expect(langfuse.observations()).toHaveLength(2);
  });

  it.each([
    ['half an emoji, however deep', { output: { text: HALF_EMOJI } }],
    ['a NUL', { name: 'a\0b' }],
    ['metadata of 200 levels', { metadata: nested(200) }],
  ])('is a 500 for its event alone on v2: %s', async (_, strange) => {
    const langfuse = await served('v2.95');
    const [trace, beside, odd] = batch(strange);
    const reply = (await ingest(langfuse, [trace, beside, odd])).json<BatchReply>();
    expect(reply.errors).toEqual([{ id: odd?.id, status: 500, error: 'Internal Server Error' }]);
    expect(langfuse.observations().map(({ id }) => id)).toEqual(['beside']);
  });

  it.each([
    ['v2.95', { input: nested(2000) }],
    ['v3.225', { metadata: nested(2500) }],
  ] as const)('fails the whole request when it is nested thousands of levels deep (%s)', async (profile, deep) => {
    const langfuse = await served(profile);
    const reply = await ingest(langfuse, batch(deep));
    expect(reply.status).toBe(500);
    expect(reply.json()).toEqual({ message: 'Invalid request data', errors: ['Maximum call stack size exceeded'] });
  });
});

function nested(levels: number): unknown {
  return JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
}
