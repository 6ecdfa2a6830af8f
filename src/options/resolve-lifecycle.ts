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
  isPersistent: boolean,
): Pick<Config, 'flushTimeoutMs' | 'shutdownTimeoutMs' | 'hooks'> {
  const usual = isServerless(env) ? DEFAULTS.flushTimeoutMs.serverless : DEFAULTS.flushTimeoutMs.usual;
  const { hooks, flushTimeoutMs, shutdownTimeoutMs } = options;
  const exit = pick('hooks.exit', hooks?.exit, flag, []) ?? isPersistent;
  if (exit && !isPersistent) {
    throw check.validationError('hooks.exit', true, {
      problem: 'has nowhere to save to',
      remedy: 'give persistence.directory, or leave it out',
    });
  }
  return {
    flushTimeoutMs: pick('flushTimeoutMs', flushTimeoutMs, milliseconds, []) ?? usual,
    shutdownTimeoutMs: pick('shutdownTimeoutMs', shutdownTimeoutMs, milliseconds, []) ?? DEFAULTS.shutdownTimeoutMs,
    hooks: {
      beforeExit: pick('hooks.beforeExit', hooks?.beforeExit, flag, []) ?? DEFAULTS.hooks.beforeExit,
      exit,
      signals: pick('hooks.signals', hooks?.signals, flag, []) ?? DEFAULTS.hooks.signals,
    },
  };
}
