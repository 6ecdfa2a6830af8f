import { defaultLogger, LOG_LEVELS, type LogLevel, withLevel } from '../runtime/logger.js';
import * as check from './check.js';
import type { Config } from './config.js';
import { DEFAULTS } from './defaults.js';
import { type Environment, releaseFrom, toFlag } from './env.js';
import type { LangfuseOptions, ProtocolOption } from './options.js';
import { type Pick, picker } from './pick.js';
import { resolveBackpressure } from './resolve-backpressure.js';
import { resolveDelivery } from './resolve-delivery.js';
import { resolveBaseUrl, resolveCredentials, resolveHeaders } from './resolve-destination.js';
import { resolveFilter } from './resolve-filter.js';
import { resolveLifecycle } from './resolve-lifecycle.js';
import { resolveMeterProvider } from './resolve-meter-provider.js';
import { resolvePersistence } from './resolve-persistence.js';
import { resolvePrivacy } from './resolve-privacy.js';

const PROTOCOLS = ['auto', 'ingestion', 'otlp'] as const satisfies readonly ProtocolOption[];

/** Names that mean something in the full interface, but are not built yet: silence would be a broken promise. */
const NOT_BUILT = ['route'] as const;

/**
 * Completes the options from the environment and the defaults, field by field: option, then variable, then default.
 * @throws LangfuseError `VALIDATION_ERROR` naming the option, the value and a remedy.
 */
export function resolveOptions(options: LangfuseOptions, env: Environment): Config {
  const logLevel = resolveLogLevel(options, env);
  const logger = withLevel(options.logger ?? defaultLogger, logLevel);
  refuseUnusable(options);
  const pick = picker(env, logger);
  const seconds = 'give a number of seconds, e.g. 10';
  const count = 'give a whole number, e.g. 512';
  const url = resolveBaseUrl(options, env, logger);
  const enabled = isEnabled(options, env, pick);
  const persistence = resolvePersistence(options, pick, logger);
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
      usageOnWrappers:
        pick('usageOnWrappers', options.usageOnWrappers, check.flag('give true or false'), []) ??
        DEFAULTS.usageOnWrappers,
      trustInboundBaggage:
        pick('trustInboundBaggage', options.trustInboundBaggage, check.flag('give true or false'), []) ??
        DEFAULTS.trustInboundBaggage,
    },
    filter: resolveFilter(options),
    ...resolvePrivacy(options, pick),
    ...resolveBackpressure(options, pick),
    meterProvider: resolveMeterProvider(options, pick),
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
    delivery: resolveDelivery(options, pick, persistence),
    persistence,
    ...resolveLifecycle(options, env, pick, persistence !== undefined),
    logger,
    onCircuitChange: pick(
      'onCircuitChange',
      options.onCircuitChange,
      check.callable('give a function of (status)'),
      [],
    ),
    onError: pick('onError', options.onError, check.callable('give a function of (error, context)'), []),
  };
  return Object.freeze(config);
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
  return pick('enabled', options.enabled, parse, ['LANGFUSE_TRACING_ENABLED'], toFlag) ?? true;
}

function resolveFlushIntervalMs(options: LangfuseOptions, pick: Pick, seconds: string): number {
  const parse = check.number(0, seconds);
  const inSeconds = pick('flushInterval', options.flushInterval, parse, ['LANGFUSE_FLUSH_INTERVAL'], Number);
  if (inSeconds !== undefined) return 1000 * inSeconds;
  const fromSdk = pick('flushInterval', undefined, parse, ['OTEL_BSP_SCHEDULE_DELAY'], Number);
  return fromSdk ?? 1000 * DEFAULTS.flushInterval;
}
