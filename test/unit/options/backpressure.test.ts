import { describe, expect, it } from 'vitest';
import type { LangfuseOptions } from '../../../src/index.js';
import { DEFAULTS } from '../../../src/options/defaults.js';
import { resolveOptions } from '../../../src/options/resolve.js';
import { logLines } from '../../support/log-lines.js';

const resolve = (options: object, env: { readonly [name: string]: string } = {}) => {
  const { logger, lines } = logLines();
  return { lines, config: resolveOptions({ logger, ...(options as LangfuseOptions) }, env) };
};

describe('sampleRate and backpressure', () => {
  it('have their defaults', () => {
    const { config } = resolve({});
    expect(config.sampleRate).toBe(1);
    expect(config.backpressure).toEqual({ ...DEFAULTS.backpressure, protects: undefined });
  });

  it('sampleRate comes from the environment, where a bad value is ignored with a warning', () => {
    expect(resolve({}, { LANGFUSE_SAMPLE_RATE: '0.25' }).config.sampleRate).toBe(0.25);
    expect(resolve({}, { LANGFUSE_SAMPLE_RATE: '0' }).config.sampleRate).toBe(0);
    expect(resolve({ sampleRate: 1 }, { LANGFUSE_SAMPLE_RATE: '0.25' }).config.sampleRate).toBe(1);
    const { config, lines } = resolve({}, { LANGFUSE_SAMPLE_RATE: '25' });
    expect(config.sampleRate).toBe(1);
    expect(lines).toContainEqual(expect.stringContaining('LANGFUSE_SAMPLE_RATE is ignored'));
  });

  it.each<[object, string]>([
    [{ sampleRate: 1.5 }, 'sampleRate must be a number from 0 to 1, got 1.5'],
    [{ sampleRate: Number.NaN }, 'sampleRate must be a number from 0 to 1'],
    [{ backpressure: { strategy: 'drop' } }, "backpressure.strategy must be one of 'sample', 'reject', 'off'"],
    [{ backpressure: { highWaterMark: 70 } }, 'backpressure.highWaterMark must be a number from 0 to 1'],
    [{ backpressure: { lowWaterMark: 0.7 } }, 'backpressure.lowWaterMark must be less than highWaterMark (0.7)'],
    [{ backpressure: { minSamplingRate: 0 } }, 'backpressure.minSamplingRate must be above 0'],
    [{ backpressure: { protect: true } }, 'backpressure.protect must be a function'],
    [{ backpressure: { rescueErrors: 1 } }, 'backpressure.rescueErrors must be true or false'],
    [{ onBackpressure: 'me' }, 'onBackpressure must be a function'],
  ])('%j is refused: %s', (options, text) => {
    expect(() => resolve(options)).toThrow(expect.objectContaining({ message: expect.stringContaining(text) }));
  });
});
