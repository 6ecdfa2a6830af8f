import { describe, expect, it } from 'vitest';
import { addProcessHook } from '../../../src/runtime/process-hooks.js';

const EVENTS = ['beforeExit', 'SIGTERM', 'SIGINT'] as const;
const listeners = (): number[] => EVENTS.map((name) => process.listenerCount(name));
const later = async (): Promise<void> => {};

describe('process hooks', () => {
  it('share one listener for each event, and take it away with the last hook', () => {
    const before = listeners();
    const removers = Array.from({ length: 50 }, () => addProcessHook({ beforeExit: later, signal: later }));
    expect(listeners()).toEqual(before.map((count) => count + 1));
    for (const remove of removers) remove();
    expect(listeners()).toEqual(before);
  });

  it('listen only for what somebody wants', () => {
    const before = listeners();
    const remove = addProcessHook({ beforeExit: later });
    expect(listeners()).toEqual(before.map((count, n) => count + (n === 0 ? 1 : 0)));
    remove();
    remove();
    expect(listeners()).toEqual(before);
  });
});
