import { describe, expect, it } from 'vitest';
import { LangfuseError } from '../../../src/errors.js';
import { SpanGroup } from '../../../src/intake/span-group.js';

describe('a group of spans', () => {
  it('is settled when nothing was ever added', async () => {
    const group = new SpanGroup();
    await group.whenSafe();
    expect(group.isSettled).toBe(true);
  });

  it('is settled when the last of its spans is, whatever became of them', async () => {
    const group = new SpanGroup();
    for (let i = 0; i < 4; i++) group.add();
    const settled = group.whenSafe();
    group.settle('delivered', 2);
    group.settle('rejected', 1);
    expect(group.isSettled).toBe(false);
    group.settle('dropped', 1);
    await settled;
    expect(group.counts()).toEqual({ delivered: 2, rejected: 1, dropped: 1, sampledOut: 0, spooled: 0, held: 0 });
  });

  it('remembers the first failure', () => {
    const group = new SpanGroup();
    group.add();
    group.add();
    group.settle('dropped', 1, new LangfuseError('API_ERROR', 'first'));
    group.settle('dropped', 1, new LangfuseError('API_ERROR', 'second'));
    expect(group.failure?.message).toBe('API_ERROR: first');
  });
});
