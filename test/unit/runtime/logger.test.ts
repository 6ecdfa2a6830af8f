import { describe, expect, it } from 'vitest';
import { pinoLogger } from '../../../src/index.js';

describe('the pino logger', () => {
  it.each(['debug', 'info', 'warn', 'error'] as const)('gives %s the fields first, as pino wants them', (level) => {
    const calls: unknown[][] = [];
    const write = (...words: unknown[]): void => void calls.push(words);
    const logger = pinoLogger({ debug: write, info: write, warn: write, error: write });
    logger[level]('what happened', { spanCount: 3 });
    logger[level]('nothing else');
    expect(calls).toEqual([
      [{ spanCount: 3 }, 'what happened'],
      [{}, 'nothing else'],
    ]);
  });
});
