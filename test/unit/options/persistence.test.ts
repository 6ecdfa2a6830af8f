import { describe, expect, it } from 'vitest';
import { type LangfuseOptions, noopLogger } from '../../../src/index.js';
import { resolveOptions } from '../../../src/options/resolve.js';

const resolve = (options: LangfuseOptions, env: { readonly [name: string]: string } = {}) =>
  resolveOptions({ logger: noopLogger, ...options }, env);
const directory = '/var/spool/langfuse';

describe('persistence', () => {
  it('is off', () => {
    expect(resolve({}).persistence).toBeUndefined();
    expect(resolve({}).delivery.retry.deliveryTimeoutMs).toBe(300_000);
  });

  it('is at least once with nothing but a directory, from code or environment', () => {
    const expected = {
      ...{ delivery: 'at-least-once', directory, maxBytes: 134_217_728, maxAgeMs: 172_800_000 },
      ...{ minFreeBytes: 67_108_864, fsync: 'none', lingerMs: 20, exitBudgetMs: 500, keepRejected: false },
    };
    expect(resolve({ persistence: { directory } }).persistence).toEqual(expected);
    expect(resolve({}, { LANGFUSE_PERSISTENCE_DIRECTORY: directory }).persistence).toEqual(expected);
  });

  it('tries as long as it keeps, unless a time of trying is given', () => {
    expect(resolve({ persistence: { directory } }).delivery.retry.deliveryTimeoutMs).toBe(172_800_000);
    const retry = { deliveryTimeoutMs: 1_000 };
    expect(resolve({ persistence: { directory }, retry }).delivery.retry.deliveryTimeoutMs).toBe(1_000);
  });

  it('can be had for times of need only, or switched off where the environment has a directory', () => {
    expect(resolve({ delivery: 'spill', persistence: { directory } }).persistence?.delivery).toBe('spill');
    const env = { LANGFUSE_PERSISTENCE_DIRECTORY: directory };
    expect(resolve({ delivery: 'best-effort' }, env).persistence).toBeUndefined();
  });

  it.each(['spill', 'at-least-once'] as const)('for delivery %s needs a directory', (delivery) => {
    expect(() => resolve({ delivery })).toThrow(
      `VALIDATION_ERROR: delivery needs a directory, got "${delivery}"; give persistence.directory or set LANGFUSE_PERSISTENCE_DIRECTORY`,
    );
  });

  it('at least once excludes giving up what may have arrived', () => {
    const options = { persistence: { directory }, resendAmbiguous: false };
    expect(() => resolve(options)).toThrow(/VALIDATION_ERROR: resendAmbiguous contradicts delivery 'at-least-once'/);
    expect(() => resolve({ ...options, delivery: 'spill' })).not.toThrow();
  });

  it('is for times of need when the environment has a directory and the code gives up what may have arrived', () => {
    const env = { LANGFUSE_PERSISTENCE_DIRECTORY: directory };
    expect(resolve({ resendAmbiguous: false }, env).persistence?.delivery).toBe('spill');
  });

  it.each<[string, object]>([
    ['persistence.directory', { persistence: { directory: 7 } }],
    ['persistence.maxBytes', { persistence: { directory, maxBytes: 10 } }],
    ['persistence.maxAgeMs', { persistence: { directory, maxAgeMs: 0 } }],
    ['persistence.minFreeBytes', { persistence: { directory, minFreeBytes: -1 } }],
    ['persistence.fsync', { persistence: { directory, fsync: true } }],
    ['persistence.lingerMs', { persistence: { directory, lingerMs: '20' } }],
    ['persistence.exitBudgetMs', { persistence: { directory, exitBudgetMs: Number.NaN } }],
    ['persistence.keepRejected', { persistence: { directory, keepRejected: 'yes' } }],
    ['persistence', { persistence: directory }],
    ['delivery', { delivery: 'exactly-once' }],
  ])('says what is wrong with %s', (option, options) => {
    expect(() => resolve(options as LangfuseOptions)).toThrow(`VALIDATION_ERROR: ${option} `);
  });
});
