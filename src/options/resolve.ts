import { defaultLogger, LOG_LEVELS, type Logger, type LogLevel, withLevel } from '../runtime/logger.js';
import * as check from './check.js';
import type { Config, Credentials } from './config.js';
import { DEFAULTS } from './defaults.js';
import { type Environment, firstOf, releaseFrom } from './env.js';
import type { LangfuseOptions, ProtocolOption } from './options.js';

const PROTOCOLS = ['auto', 'ingestion', 'otlp'] as const satisfies readonly ProtocolOption[];

/** Names that mean something in the full interface, but are not built yet: silence would be a broken promise. */
const NOT_BUILT = ['mask', 'persistence', 'route', 'sampleRate', 'backpressure', 'meterProvider'] as const;

/**
 * Completes the options from the environment and the defaults, field by field: option, then variable, then default.
 * @throws LangfuseError `VALIDATION_ERROR` naming the option, the value and a remedy.
 */
export function resolveOptions(options: LangfuseOptions, env: Environment): Config {
  const logLevel = resolveLogLevel(options, env);
  const logger = withLevel(options.logger ?? defaultLogger, logLevel);
  refuseUnusable(options);
  const pick = picker(env, logger);
  const milliseconds = 'give a number of milliseconds, e.g. 10_000';
  const seconds = 'give a number of seconds, e.g. 10';
  const count = 'give a whole number, e.g. 512';
  const url = resolveBaseUrl(options, env, logger);
  const enabled = isEnabled(options, env, pick);
  const config: Config = {
    credentials: enabled && url.usable ? resolveCredentials(options, env, logger) : undefined,
    destination: { baseUrl: url.value, headers: resolveHeaders(options) },
    protocol:
      pick('protocol', options.protocol, check.oneOf(PROTOCOLS), ['LANGFUSE_PROTOCOL'], lower) ?? DEFAULTS.protocol,
    translate: {
      environment: pick('environment', options.environment, check.text("give a name, e.g. 'production'"), [
        'LANGFUSE_TRACING_ENVIRONMENT',
      ]),
      release: pick('release', options.release, check.text("give a text, e.g. '1.4.2'"), []) ?? releaseFrom(env),
      version: pick('version', options.version, check.text("give a text, e.g. '1.4.2'"), []),
    },
    shouldExportSpan: pick(
      'shouldExportSpan',
      options.shouldExportSpan,
      check.callable('give a function of { otelSpan } that returns a boolean'),
      [],
    ),
    queue: {
      maxSpans:
        pick('queue.maxSpans', options.queue?.maxSpans, check.integer(1, count), ['OTEL_BSP_MAX_QUEUE_SIZE'], Number) ??
        DEFAULTS.queue.maxSpans,
      maxBytes:
        pick('queue.maxBytes', options.queue?.maxBytes, check.integer(1024, 'give bytes, e.g. 67_108_864'), []) ??
        DEFAULTS.queue.maxBytes,
    },
    batch: {
      immediate:
        (pick('exportMode', options.exportMode, check.oneOf(['batched', 'immediate']), []) ?? DEFAULTS.exportMode) ===
        'immediate',
      flushAt: pick(
        'flushAt',
        options.flushAt,
        check.integer(1, count),
        ['LANGFUSE_FLUSH_AT', 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE'],
        Number,
      ),
      flushIntervalMs: resolveFlushIntervalMs(options, pick, seconds),
      maxBatchBytes: pick(
        'maxBatchBytes',
        options.maxBatchBytes,
        check.integer(1024, 'give bytes, e.g. 3_500_000'),
        [],
      ),
      maxEventBytes: pick(
        'maxEventBytes',
        options.maxEventBytes,
        check.integer(1024, 'give bytes, e.g. 3_000_000'),
        [],
      ),
    },
    delivery: {
      attemptTimeoutMs:
        1000 *
        (pick('timeout', options.timeout, check.number(0.001, seconds), ['LANGFUSE_TIMEOUT'], Number) ??
          DEFAULTS.timeout),
      gzip:
        (pick('compression', options.compression, check.oneOf(['gzip', 'none']), []) ?? DEFAULTS.compression) ===
        'gzip',
      concurrency: resolveConcurrency(options, pick),
      retry: {
        initialMs:
          pick('retry.initialMs', options.retry?.initialMs, check.number(1, milliseconds), []) ??
          DEFAULTS.retry.initialMs,
        maxMs: pick('retry.maxMs', options.retry?.maxMs, check.number(1, milliseconds), []) ?? DEFAULTS.retry.maxMs,
      },
    },
    flushTimeoutMs:
      pick('flushTimeoutMs', options.flushTimeoutMs, check.number(0, milliseconds), []) ?? DEFAULTS.flushTimeoutMs,
    shutdownTimeoutMs:
      pick('shutdownTimeoutMs', options.shutdownTimeoutMs, check.number(0, milliseconds), []) ??
      DEFAULTS.shutdownTimeoutMs,
    logger,
    onError: pick('onError', options.onError, check.callable('give a function of (error, context)'), []),
  };
  return Object.freeze(config);
}

type Pick = <T>(
  option: string,
  given: unknown,
  parse: check.Check<T>,
  variables: readonly string[],
  convert?: (text: string) => unknown,
) => T | undefined;

/** Takes the value given in code (wrong: throws), else the first variable that is set (wrong: warns and is ignored). */
function picker(env: Environment, logger: Logger): Pick {
  return (option, given, parse, variables, convert = (text) => text) => {
    if (given !== undefined) {
      const result = parse(given);
      if ('value' in result) return result.value;
      throw check.validationError(option, given, result);
    }
    const variable = firstOf(env, variables);
    if (variable === undefined) return undefined;
    const result = parse(convert(variable.value));
    if ('value' in result) return result.value;
    logger.warn(`${variable.name} is ignored: ${check.validationError(option, variable.value, result).message}`);
    return undefined;
  };
}

function lower(text: string): string {
  return text.toLowerCase();
}

function resolveLogLevel(options: LangfuseOptions, env: Environment): LogLevel {
  if (options.logLevel !== undefined) {
    const result = check.oneOf(LOG_LEVELS)(options.logLevel);
    if ('value' in result) return result.value;
    throw check.validationError('logLevel', options.logLevel, result);
  }
  if (env['LANGFUSE_DEBUG']?.trim().toLowerCase() === 'true') return 'debug';
  const result = check.oneOf(LOG_LEVELS)(env['LANGFUSE_LOG_LEVEL']?.trim().toLowerCase());
  return 'value' in result ? result.value : DEFAULTS.logLevel;
}

function refuseUnusable(options: LangfuseOptions): void {
  const given = options as Readonly<{ [name: string]: unknown }>;
  if (given['exporter'] !== undefined) {
    throw check.validationError('exporter', given['exporter'], {
      problem: 'is not supported: this processor delivers by itself',
      remedy: 'leave it out, or put LangfuseSpanExporter behind a span processor of your own',
    });
  }
  for (const option of NOT_BUILT) {
    if (given[option] === undefined) continue;
    throw check.validationError(option, given[option], {
      problem: 'is not supported by this version',
      remedy: 'leave it out',
    });
  }
}

function isEnabled(options: LangfuseOptions, env: Environment, pick: Pick): boolean {
  if (env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true') return false;
  const parse = check.flag('give true or false');
  return pick('enabled', options.enabled, parse, ['LANGFUSE_TRACING_ENABLED'], (value) => toFlag(lower(value))) ?? true;
}

function toFlag(value: string): unknown {
  if (value === 'true' || value === '1') return true;
  return value === 'false' || value === '0' ? false : value;
}

function resolveFlushIntervalMs(options: LangfuseOptions, pick: Pick, seconds: string): number {
  const parse = check.number(0, seconds);
  const inSeconds = pick('flushInterval', options.flushInterval, parse, ['LANGFUSE_FLUSH_INTERVAL'], Number);
  if (inSeconds !== undefined) return 1000 * inSeconds;
  const fromSdk = pick('flushInterval', undefined, parse, ['OTEL_BSP_SCHEDULE_DELAY'], Number);
  return fromSdk ?? 1000 * DEFAULTS.flushInterval;
}

function resolveConcurrency(options: LangfuseOptions, pick: Pick): Config['delivery']['concurrency'] {
  const parse = check.integer(1, 'give a whole number, e.g. 4');
  const max = pick('concurrency.max', options.concurrency?.max, parse, []) ?? DEFAULTS.concurrency.max;
  const initial = pick('concurrency.initial', options.concurrency?.initial, parse, []) ?? DEFAULTS.concurrency.initial;
  return { initial: Math.min(initial, max), max };
}

/**
 * A wrong address in the environment switches the export off instead of falling back to the default: data meant for
 * one's own server must not go to somebody else's.
 */
function resolveBaseUrl(
  options: LangfuseOptions,
  env: Environment,
  logger: Logger,
): { value: string; usable: boolean } {
  if (options.baseUrl !== undefined) {
    const result = check.baseUrl(options.baseUrl);
    if ('value' in result) return { value: result.value, usable: true };
    throw check.validationError('baseUrl', options.baseUrl, result);
  }
  const variable = firstOf(env, ['LANGFUSE_BASE_URL', 'LANGFUSE_BASEURL', 'LANGFUSE_HOST']);
  if (variable === undefined) return { value: DEFAULTS.baseUrl, usable: true };
  const result = check.baseUrl(variable.value);
  if ('value' in result) return { value: result.value, usable: true };
  const message = check.validationError(variable.name, variable.value, result).message;
  logger.warn(`Langfuse tracing is off, nothing will be sent: ${message}`);
  return { value: DEFAULTS.baseUrl, usable: false };
}

function resolveCredentials(options: LangfuseOptions, env: Environment, logger: Logger): Credentials | undefined {
  const key = (option: 'publicKey' | 'secretKey', variable: string): string | undefined => {
    const given = options[option];
    if (given === undefined) return env[variable]?.trim() || undefined;
    if (typeof given !== 'string') {
      throw check.validationError(option, undefined, {
        problem: 'must be a text',
        remedy: `give the project's key or set ${variable}`,
      });
    }
    return given.trim() || undefined;
  };
  const publicKey = key('publicKey', 'LANGFUSE_PUBLIC_KEY');
  const secretKey = key('secretKey', 'LANGFUSE_SECRET_KEY');
  if (publicKey !== undefined && secretKey !== undefined) return { publicKey, secretKey };
  const missing = [
    publicKey ? [] : ['publicKey (LANGFUSE_PUBLIC_KEY)'],
    secretKey ? [] : ['secretKey (LANGFUSE_SECRET_KEY)'],
  ];
  logger.warn(`Langfuse tracing is off, nothing will be sent: ${missing.flat().join(' and ')} not given`);
  return undefined;
}

function resolveHeaders(options: LangfuseOptions): Readonly<{ [name: string]: string }> {
  const headers: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(options.additionalHeaders ?? {})) {
    // What no header may contain: a line break would smuggle in a header of its own.
    if (
      typeof value !== 'string' ||
      !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) ||
      /[^\t\x20-\x7e\x80-\xff]/.test(value)
    ) {
      throw check.validationError(`additionalHeaders['${name}']`, undefined, {
        problem: 'must be a header name with a text of printable characters',
        remedy: "give e.g. { 'x-team': 'search' }",
      });
    }
    headers[name.toLowerCase()] = value;
  }
  return headers;
}
