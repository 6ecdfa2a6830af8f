import * as check from './check.js';
import type { Config } from './config.js';
import { DEFAULTS } from './defaults.js';
import { type Environment, isServerless } from './env.js';
import type { LangfuseOptions } from './options.js';
import type { Pick as PickOption } from './pick.js';

const milliseconds = check.number(0, 'give a number of milliseconds, e.g. 10_000');
const flag = check.flag('give true or false');

/** How long flushes and shutdowns may take, and what happens when the process ends. */
export function resolveLifecycle(
  options: LangfuseOptions,
  env: Environment,
  pick: PickOption,
): Pick<Config, 'flushTimeoutMs' | 'shutdownTimeoutMs' | 'hooks'> {
  const given = options.hooks as { readonly exit?: unknown } | undefined;
  if (given?.exit === true) {
    throw check.validationError('hooks.exit', true, {
      problem: 'is not supported by this version: without persistence there is nowhere to save to',
      remedy: 'leave it out',
    });
  }
  const usual = isServerless(env) ? DEFAULTS.flushTimeoutMs.serverless : DEFAULTS.flushTimeoutMs.usual;
  const { hooks, flushTimeoutMs, shutdownTimeoutMs } = options;
  return {
    flushTimeoutMs: pick('flushTimeoutMs', flushTimeoutMs, milliseconds, []) ?? usual,
    shutdownTimeoutMs: pick('shutdownTimeoutMs', shutdownTimeoutMs, milliseconds, []) ?? DEFAULTS.shutdownTimeoutMs,
    hooks: {
      beforeExit: pick('hooks.beforeExit', hooks?.beforeExit, flag, []) ?? DEFAULTS.hooks.beforeExit,
      signals: pick('hooks.signals', hooks?.signals, flag, []) ?? DEFAULTS.hooks.signals,
    },
  };
}
