import { describe, expect, it } from 'vitest';
import { noopLogger } from '../../../src/index.js';
import type { LangfuseOptions } from '../../../src/options/options.js';
import { resolveOptions } from '../../../src/options/resolve.js';

const resolve = (options: LangfuseOptions, env: { readonly [name: string]: string } = {}) =>
  resolveOptions({ logger: noopLogger, ...options }, env);

describe('the time for a flush', () => {
  it('is half a minute', () => {
    expect(resolve({}).flushTimeoutMs).toBe(30_000);
  });

  it.each([
    'AWS_LAMBDA_FUNCTION_NAME',
    'LAMBDA_TASK_ROOT',
    'VERCEL',
    'NETLIFY',
    'K_SERVICE',
    'FUNCTION_TARGET',
    'FUNCTIONS_WORKER_RUNTIME',
  ])('is two seconds where %s tells of a serverless platform, unless it is given', (name) => {
    expect(resolve({}, { [name]: '1' }).flushTimeoutMs).toBe(2_000);
    expect(resolve({ flushTimeoutMs: 500 }, { [name]: '1' }).flushTimeoutMs).toBe(500);
    expect(resolve({}, { [name]: '1' }).shutdownTimeoutMs).toBe(10_000);
  });
});

describe('the hooks of the process', () => {
  it('are the one for an empty event loop, and none for signals', () => {
    expect(resolve({}).hooks).toEqual({ beforeExit: true, exit: false, signals: false });
    expect(resolve({ hooks: { signals: true } }).hooks).toEqual({ beforeExit: true, exit: false, signals: true });
  });

  it('must be flags', () => {
    const hooks = { signals: ['SIGTERM'] } as unknown as { signals: boolean };
    expect(() => resolve({ hooks })).toThrow(/VALIDATION_ERROR: hooks.signals must be true or false, got an array/);
  });

  it('save at exit where there is somewhere to save to, unless that is not wanted', () => {
    const persistence = { directory: '/var/spool/langfuse' };
    expect(resolve({ persistence }).hooks.exit).toBe(true);
    expect(resolve({ persistence, hooks: { exit: false } }).hooks.exit).toBe(false);
    expect(() => resolve({ hooks: { exit: true } })).toThrow(/VALIDATION_ERROR: hooks.exit has nowhere to save to/);
  });
});
