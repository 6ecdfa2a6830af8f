import { describe, expect, it } from 'vitest';
import { isValidationError } from '../../../src/errors.js';
import type { Environment } from '../../../src/options/env.js';
import type { LangfuseOptions } from '../../../src/options/options.js';
import { resolveOptions } from '../../../src/options/resolve.js';
import type { Logger } from '../../../src/runtime/logger.js';

const KEYS = { publicKey: 'pk-lf-1', secretKey: 'sk-lf-1' };

function resolve(options: LangfuseOptions & { readonly persistence?: unknown }, env: Environment = {}) {
  const warnings: string[] = [];
  const logger: Logger = { debug() {}, info() {}, warn: (message) => warnings.push(message), error() {} };
  return { warnings, config: resolveOptions({ logger, ...options }, env) };
}

describe('options', () => {
  it('take the option before the variable, and the variable before the default', () => {
    const env = { LANGFUSE_TIMEOUT: '7', LANGFUSE_FLUSH_AT: '99', LANGFUSE_BASE_URL: 'http://env.example' };
    const { config } = resolve({ ...KEYS, timeout: 3 }, env);
    expect([
      config.delivery.attemptTimeoutMs,
      config.batch.flushAt,
      config.destination.baseUrl,
      config.batch.flushIntervalMs,
    ]).toEqual([3_000, 99, 'http://env.example', 1_000]);
  });

  it('read the keys from the environment', () => {
    const { config } = resolve({}, { LANGFUSE_PUBLIC_KEY: ' pk-lf-2 ', LANGFUSE_SECRET_KEY: 'sk-lf-2' });
    expect(config.credentials).toEqual({ publicKey: 'pk-lf-2', secretKey: 'sk-lf-2' });
  });

  it.each([
    ['http://localhost:3000/', 'http://localhost:3000'],
    ['https://host.example/langfuse//', 'https://host.example/langfuse'],
    ['https://host.example/a/b?x=1#y', 'https://host.example/a/b'],
  ])('understand the base URL %s', (baseUrl, expected) => {
    expect(resolve({ ...KEYS, baseUrl }).config.destination.baseUrl).toBe(expected);
  });

  it.each<[string, LangfuseOptions & { readonly persistence?: unknown }, RegExp]>([
    [
      'baseUrl',
      { baseUrl: 'cloud.langfuse.com' },
      /baseUrl must be a URL, got "cloud\.langfuse\.com"; give the address/,
    ],
    ['baseUrl', { baseUrl: 'ftp://x' }, /must begin with http/],
    [
      'baseUrl',
      { baseUrl: 'https://pk-lf-1:sk-lf-secret@host' },
      /must not contain a user name .* a text that may hold a key/,
    ],
    [
      'timeout',
      { timeout: Number.NaN },
      /timeout must be a number of at least 0\.001, got NaN; give a number of seconds/,
    ],
    ['flushAt', { flushAt: 0 }, /flushAt must be an integer of at least 1, got 0/],
    ['flushAt', { flushAt: 1.5 }, /got 1\.5/],
    ['queue.maxSpans', { queue: { maxSpans: -1 } }, /queue\.maxSpans must be an integer/],
    ['protocol', { protocol: 'grpc' as 'otlp' }, /protocol must be one of 'auto', 'ingestion', 'otlp', got "grpc"/],
    ['compression', { compression: 'br' as 'gzip' }, /compression must be one of/],
    [
      'shouldExportSpan',
      { shouldExportSpan: true as unknown as () => boolean },
      /shouldExportSpan must be a function or \{ include, exclude \}, got true/,
    ],
    ['logLevel', { logLevel: 'loud' as 'info' }, /logLevel must be one of/],
    ['exporter', { exporter: {} as unknown as undefined }, /exporter is not supported.*LangfuseSpanExporter/],
    ['route', { route: () => undefined } as never, /route is not supported by this version/],
    ['publicKey', { publicKey: 5 as unknown as string }, /publicKey must be a text/],
    ["additionalHeaders['x-a']", { additionalHeaders: { 'x-a': 'a\r\nx-b: c' } }, /must be a header name with a text/],
  ])('refuse a bad %s with option, value and remedy', (field, options, message) => {
    let thrown: unknown;
    try {
      resolve({ ...KEYS, ...options });
    } catch (error) {
      thrown = error;
    }
    expect(isValidationError(thrown) && thrown.details['field']).toBe(field);
    expect(isValidationError(thrown) && thrown.message).toMatch(message);
    expect(isValidationError(thrown) && thrown.message).not.toContain('sk-lf-secret');
  });

  it.each([
    ['LANGFUSE_TIMEOUT', 'soon'],
    ['LANGFUSE_FLUSH_AT', '-1'],
    ['LANGFUSE_FLUSH_INTERVAL', 'x'],
    ['LANGFUSE_PROTOCOL', 'grpc'],
    ['OTEL_BSP_MAX_QUEUE_SIZE', '0'],
    ['LANGFUSE_TRACING_ENABLED', 'maybe'],
  ])('warn about a bad %s in the environment and go on with the default', (name, value) => {
    const { warnings, config } = resolve(KEYS, { [name]: value });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`${name} is ignored`);
    expect(config).toEqual({ ...resolve(KEYS).config, logger: config.logger });
  });

  it('send nothing anywhere when the address in the environment is wrong', () => {
    const { warnings, config } = resolve(KEYS, { LANGFUSE_BASE_URL: 'langfuse.internal' });
    expect(config.credentials).toBeUndefined();
    expect(warnings[0]).toMatch(/tracing is off, nothing will be sent.*LANGFUSE_BASE_URL must be a URL/);
  });

  it.each<[LangfuseOptions, Environment, RegExp]>([
    [{}, {}, /publicKey \(LANGFUSE_PUBLIC_KEY\) and secretKey \(LANGFUSE_SECRET_KEY\) not given/],
    [{ publicKey: 'pk-lf-1' }, {}, /: secretKey \(LANGFUSE_SECRET_KEY\) not given/],
    [{ secretKey: 'sk-lf-1' }, { LANGFUSE_PUBLIC_KEY: '  ' }, /: publicKey \(LANGFUSE_PUBLIC_KEY\) not given/],
  ])('are off, with one warning, without both keys', (options, env, message) => {
    const { warnings, config } = resolve(options, env);
    expect(config.credentials).toBeUndefined();
    expect(warnings).toEqual([expect.stringMatching(message)]);
  });

  it.each<[LangfuseOptions, Environment]>([
    [{ enabled: false }, {}],
    [{}, { LANGFUSE_TRACING_ENABLED: 'False' }],
    [{}, { OTEL_SDK_DISABLED: 'true' }],
    [{ enabled: true }, { OTEL_SDK_DISABLED: 'TRUE' }],
  ])('are off without a word when switched off', (options, env) => {
    const { warnings, config } = resolve({ ...KEYS, ...options }, env);
    expect([config.credentials, warnings]).toEqual([undefined, []]);
  });

  it('take the interval in seconds from Langfuse and in milliseconds from OpenTelemetry', () => {
    expect(resolve(KEYS, { OTEL_BSP_SCHEDULE_DELAY: '250' }).config.batch.flushIntervalMs).toBe(250);
    expect(
      resolve(KEYS, { LANGFUSE_FLUSH_INTERVAL: '2', OTEL_BSP_SCHEDULE_DELAY: '250' }).config.batch.flushIntervalMs,
    ).toBe(2_000);
    expect(resolve({ ...KEYS, flushInterval: 0 }).config.batch.flushIntervalMs).toBe(0);
  });

  it('find the release where CI systems put it', () => {
    expect(resolve(KEYS, { GITHUB_SHA: 'abc' }).config.translate.release).toBe('abc');
    expect(resolve({ ...KEYS, release: '1.2' }, { LANGFUSE_RELEASE: 'env' }).config.translate.release).toBe('1.2');
  });
});
