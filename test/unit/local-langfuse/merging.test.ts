import { describe, expect, it } from 'vitest';
import { at, event, ingest } from './client.js';
import { served } from './served.js';

describe('what becomes of two events for one id', () => {
  it.each([
    { profile: 'v2.95', name: 'first', public: true, timestamp: at(5000) },
    { profile: 'v3.225', name: '', public: false, timestamp: at(0) },
    { profile: 'v4-dual', name: '', public: false, timestamp: at(0) },
  ] as const)('merges two trace-creates the way $profile does', async ({ profile, ...expected }) => {
    const langfuse = await served(profile);
    const first = {
      id: 't',
      timestamp: at(0),
      name: 'first',
      public: true,
      tags: ['b', 'a'],
      metadata: { deep: { x: [1, 2] } },
    };
    const second = {
      id: 't',
      timestamp: at(5000),
      name: null,
      userId: 'u',
      tags: ['c'],
      metadata: { deep: { x: [9] }, y: 1 },
    };
    await ingest(langfuse, [event('trace-create', first)]);
    await ingest(langfuse, [event('trace-create', second)]);
    expect(langfuse.trace('t')).toMatchObject({
      ...expected,
      userId: 'u',
      tags: ['a', 'b', 'c'],
      metadata: { deep: { x: [9, 2] }, y: 1 },
    });
  });

  it('keeps what came first of time, trace and environment, and the last of the rest', async () => {
    const langfuse = await served('v3.225');
    const first = {
      id: 'o',
      traceId: 't1',
      startTime: at(0),
      environment: 'one',
      name: 'a',
      usageDetails: { input: 1, output: 1 },
    };
    const second = {
      id: 'o',
      traceId: 't2',
      startTime: at(9),
      environment: 'two',
      name: 'b',
      usageDetails: { output: 5 },
    };
    await ingest(langfuse, [event('generation-create', first)]);
    await ingest(langfuse, [event('generation-create', second)]);
    expect(langfuse.observation('o')).toMatchObject({
      traceId: 't1',
      startTime: at(0),
      environment: 'one',
      name: 'b',
      usageDetails: { output: 5, total: 5 },
    });
  });

  it.each([
    { profile: 'v2.95', name: 'second' },
    { profile: 'v3.225', name: 'first' },
  ] as const)('lets the $name of one list win on $profile when the times are equal', async ({ profile, name }) => {
    const langfuse = await served(profile);
    const timestamp = at(0);
    const events = ['first', 'second'].map((word) =>
      event('span-create', { id: 'o', traceId: 't', name: word }, { timestamp }),
    );
    await ingest(langfuse, events);
    expect(langfuse.observation('o')).toMatchObject({ name });
  });

  it('forgets the first event when its id comes again with other content', async () => {
    const langfuse = await served('v3.225');
    const id = 'same';
    await ingest(langfuse, [event('span-create', { id: 'o', traceId: 't', input: 'only here' }, { id })]);
    await ingest(langfuse, [event('span-create', { id: 'o', traceId: 't', name: 'second' }, { id })]);
    expect(langfuse.observation('o')).toMatchObject({ name: 'second', input: null });
  });

  it('counts every delivery, also when an identical one changes nothing', async () => {
    const langfuse = await served('v3.225');
    const events = [event('trace-create', { id: 't' }), event('span-create', { id: 'o', traceId: 't' })];
    await ingest(langfuse, events);
    const once = langfuse.observations();
    await ingest(langfuse, events);
    expect(langfuse.observations()).toEqual(once);
    expect(langfuse.deliveries('o')).toBe(2);
    expect(langfuse.deliveries('other')).toBe(0);
  });

  it('merges no more than 200 requests per id, in the order of their first event ids', async () => {
    const langfuse = await served('v3.225');
    for (let n = 0; n < 201; n += 1) {
      const id = `file-${String(n).padStart(3, '0')}`;
      await ingest(langfuse, [event('span-create', { id: 'o', traceId: 't', name: id }, { id })]);
    }
    expect(langfuse.observation('o')).toMatchObject({ name: 'file-199' });
  });

  it('never stores 0, false and empty text as input or output, except on v2', async () => {
    for (const profile of ['v2.95', 'v3.225'] as const) {
      const langfuse = await served(profile);
      await ingest(langfuse, [event('span-create', { id: 'o', traceId: 't', input: false, output: 0 })]);
      const expected = profile === 'v2.95' ? { input: false, output: 0 } : { input: null, output: null };
      expect(langfuse.observation('o')).toMatchObject(expected);
    }
  });
});
