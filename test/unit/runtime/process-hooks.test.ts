import { describe, expect, it } from 'vitest';
import { addProcessHook } from '../../../src/runtime/process-hooks.js';

const EVENTS = ['beforeExit', 'exit', 'SIGTERM', 'SIGINT'] as const;
const listeners = (): number[] => EVENTS.map((name) => process.listenerCount(name));
const later = async (): Promise<void> => {};

describe('process hooks', () => {
  it('share one listener for each event, and take it away with the last hook', () => {
    const before = listeners();
    const removers = Array.from({ length: 50 }, () => addProcessHook({ beforeExit: later, exit() {}, signal: later }));
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

  it('run every exit hook, whatever one of them throws', () => {
    const ran: number[] = [];
    const boom = (): never => {
      ran.push(1);
      throw new Error('boom');
    };
    const before = new Set(process.listeners('exit'));
    const removers = [addProcessHook({ exit: boom }), addProcessHook({ exit: () => void ran.push(2) })];
    for (const listener of process.listeners('exit')) if (!before.has(listener)) listener(0);
    for (const remove of removers) remove();
    expect(ran).toEqual([1, 2]);
  });
});
