import { describe, expect, it } from 'vitest';
import type { MaskFunction } from '../../../src/mask-function.js';
import { maskWith } from '../../support/masking.js';
import { observation } from '../../support/observations.js';

describe('an asynchronous mask', () => {
  const later: MaskFunction = async ({ data }) => data.toUpperCase();

  it('is waited for', async () => {
    const { apply, failed, clock } = maskWith({ content: later });
    const { observation: after } = await apply({ input: 'x', metadata: { a: 'y' } });
    expect(after).toMatchObject({ input: 'X', metadata: { a: 'Y' } });
    expect({ failed, timers: clock.pendingTimers }).toEqual({ failed: [], timers: 0 });
  });

  it('has its time for all that is asked of one span; what comes later is not taken', async () => {
    const answers: ((text: string) => void)[] = [];
    const slow: MaskFunction = ({ data, key }) =>
      key === 'input' ? data : new Promise((resolve) => answers.push(resolve));
    const { apply, failed, clock } = maskWith({ content: slow }, 100);
    const result = apply({ input: 'x', output: 'y', resource: { attributes: {} } });
    await clock.advance(99);
    expect(failed).toEqual([]);
    await clock.advance(1);
    const { observation: after } = await result;
    for (const answer of answers) answer('too late');
    await clock.advance(0);
    expect(after).toMatchObject({ input: 'x', output: '[withheld: the mask took too long]' });
    expect(failed).toEqual([{ failure: 'late', key: 'output' }]);
  });

  it('costs the place at which it rejects', async () => {
    const { apply, failed } = maskWith({
      content: ({ key }) => (key === 'input' ? Promise.reject(new Error('no')) : ''),
    });
    const { observation: after } = await apply({ input: 'x' });
    expect(after).toMatchObject({ input: '[withheld: the mask failed]' });
    expect(failed).toEqual([{ failure: 'failed', key: 'input' }]);
  });

  it('withholds what it would have been asked when nothing can be waited for', () => {
    const { mask, failed } = maskWith({
      content: ({ data, key }) => (key === 'input' ? later({ data } as never) : data),
    });
    const { observation: after } = mask.applyNow({ observation: observation({ input: 'x', output: 'y' }) });
    expect(after).toMatchObject({ input: '[withheld: the mask had not answered]', output: 'y' });
    expect(failed).toEqual([{ failure: 'now', key: 'input' }]);
  });
});
