import type { MeterProvider } from '@opentelemetry/api';
import * as check from './check.js';
import type { Config } from './config.js';
import { DEFAULTS } from './defaults.js';
import type { LangfuseOptions } from './options.js';
import type { Pick } from './pick.js';

const provider: check.Check<MeterProvider> = (value) =>
  isMeterProvider(value)
    ? { value }
    : { problem: 'must be a meter provider', remedy: 'give the one of your SDK, or metrics: true for the global one' };

/** Metrics only for those who ask: a provider given here goes before the global one. */
export function resolveMeterProvider(options: LangfuseOptions, pick: Pick): Config['meterProvider'] {
  const given = pick('meterProvider', options.meterProvider, provider, []);
  const isAsked = pick('metrics', options.metrics, check.flag('give true or false'), []) ?? DEFAULTS.metrics;
  return given ?? (isAsked ? 'global' : undefined);
}

function isMeterProvider(value: unknown): value is MeterProvider {
  return typeof value === 'object' && value !== null && 'getMeter' in value && typeof value.getMeter === 'function';
}
