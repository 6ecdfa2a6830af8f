import type { ResendAmbiguous } from '../model.js';
import * as check from './check.js';
import type { Config, Persistence } from './config.js';
import { DEFAULTS } from './defaults.js';
import type { LangfuseOptions } from './options.js';
import type { Pick } from './pick.js';

type Delivery = Config['delivery'];

const SECONDS = 'give a number of seconds, e.g. 10';
const milliseconds = check.number(1, 'give a number of milliseconds, e.g. 10_000');
const resend = check.oneOf<ResendAmbiguous>(['verify', true, false]);
const count = check.integer(1, 'give a whole number, e.g. 5');

/** How requests are made, repeated, and withheld. */
export function resolveDelivery(options: LangfuseOptions, pick: Pick, persistence: Persistence | undefined): Delivery {
  const timeout = pick('timeout', options.timeout, check.number(0.001, SECONDS), ['LANGFUSE_TIMEOUT'], Number);
  const compression = pick('compression', options.compression, check.oneOf(['gzip', 'none']), []);
  const resendAmbiguous = pick('resendAmbiguous', options.resendAmbiguous, resend, []);
  return {
    attemptTimeoutMs: 1000 * (timeout ?? DEFAULTS.timeout),
    gzip: (compression ?? DEFAULTS.compression) === 'gzip',
    concurrency: resolveConcurrency(options, pick),
    retry: resolveRetry(options, pick, persistence),
    circuitBreaker: resolveCircuitBreaker(options, pick),
    resendAmbiguous: resendAmbiguous ?? DEFAULTS.resendAmbiguous,
  };
}

function resolveConcurrency({ concurrency }: LangfuseOptions, pick: Pick): Delivery['concurrency'] {
  const max = pick('concurrency.max', concurrency?.max, count, []) ?? DEFAULTS.concurrency.max;
  const initial = pick('concurrency.initial', concurrency?.initial, count, []) ?? DEFAULTS.concurrency.initial;
  return { initial: Math.min(initial, max), max };
}

function resolveRetry({ retry }: LangfuseOptions, pick: Pick, persistence: Persistence | undefined): Delivery['retry'] {
  // What waits on disk costs no memory: it is tried as long as it is kept.
  const defaults = { ...DEFAULTS.retry, ...(persistence && { deliveryTimeoutMs: persistence.maxAgeMs }) };
  const of = (name: 'initialMs' | 'maxMs' | 'deliveryTimeoutMs'): number =>
    pick(`retry.${name}`, retry?.[name], milliseconds, []) ?? defaults[name];
  return {
    maxAttempts: pick('retry.maxAttempts', retry?.maxAttempts, count, []) ?? Number.POSITIVE_INFINITY,
    initialMs: of('initialMs'),
    maxMs: of('maxMs'),
    deliveryTimeoutMs: of('deliveryTimeoutMs'),
  };
}

function resolveCircuitBreaker({ circuitBreaker }: LangfuseOptions, pick: Pick): Delivery['circuitBreaker'] {
  const threshold = (name: 'failureThreshold' | 'successThreshold'): number =>
    pick(`circuitBreaker.${name}`, circuitBreaker?.[name], count, []) ?? DEFAULTS.circuitBreaker[name];
  const openMs = (name: 'initial' | 'max'): number =>
    pick(`circuitBreaker.openMs.${name}`, circuitBreaker?.openMs?.[name], milliseconds, []) ??
    DEFAULTS.circuitBreaker.openMs[name];
  return {
    failureThreshold: threshold('failureThreshold'),
    successThreshold: threshold('successThreshold'),
    openMs: { initial: openMs('initial'), max: Math.max(openMs('initial'), openMs('max')) },
  };
}
