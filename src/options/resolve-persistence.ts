import type { Logger } from '../runtime/logger.js';
import * as check from './check.js';
import type { Persistence } from './config.js';
import { DEFAULTS } from './defaults.js';
import type { LangfuseOptions } from './options.js';
import type { Pick } from './pick.js';

const DELIVERIES = ['best-effort', 'spill', 'at-least-once'] as const;
const FSYNC_MODES = ['none', 'interval', 'always'] as const;
/** Four segments must fit. */
const LEAST_BYTES = 65_536;

const VARIABLES = ['LANGFUSE_PERSISTENCE_DIRECTORY'];
const milliseconds = check.number(0, 'give a number of milliseconds, e.g. 20');
const positive = check.number(1, 'give a number of milliseconds, e.g. 172_800_000');

/** Undefined when spans wait in memory only. */
export function resolvePersistence(options: LangfuseOptions, pick: Pick, logger: Logger): Persistence | undefined {
  const given = givenIn(options);
  const remedy = "give the path of a directory, e.g. '/var/spool/langfuse'";
  const directory = pick('persistence.directory', given.directory, check.text(remedy), VARIABLES);
  const asked = pick('delivery', options.delivery, check.oneOf(DELIVERIES), []);
  const delivery = asked ?? (directory === undefined ? DEFAULTS.delivery : 'at-least-once');
  const persistence = {
    maxBytes:
      pick('persistence.maxBytes', given.maxBytes, check.integer(LEAST_BYTES, 'give bytes, e.g. 134_217_728'), []) ??
      DEFAULTS.persistence.maxBytes,
    maxAgeMs: pick('persistence.maxAgeMs', given.maxAgeMs, positive, []) ?? DEFAULTS.persistence.maxAgeMs,
    minFreeBytes:
      pick('persistence.minFreeBytes', given.minFreeBytes, check.integer(0, 'give bytes, e.g. 67_108_864'), []) ??
      DEFAULTS.persistence.minFreeBytes,
    fsync: pick('persistence.fsync', given.fsync, check.oneOf(FSYNC_MODES), []) ?? DEFAULTS.persistence.fsync,
    lingerMs: pick('persistence.lingerMs', given.lingerMs, milliseconds, []) ?? DEFAULTS.persistence.lingerMs,
    exitBudgetMs:
      pick('persistence.exitBudgetMs', given.exitBudgetMs, milliseconds, []) ?? DEFAULTS.persistence.exitBudgetMs,
    keepRejected:
      pick('persistence.keepRejected', given.keepRejected, check.flag('give true or false'), []) ??
      DEFAULTS.persistence.keepRejected,
  };
  if (delivery === 'best-effort') return undefined;
  if (directory === undefined) {
    throw check.validationError('delivery', delivery, {
      problem: 'needs a directory',
      remedy: 'give persistence.directory or set LANGFUSE_PERSISTENCE_DIRECTORY',
    });
  }
  if (delivery === 'at-least-once' && options.resendAmbiguous === false) {
    if (asked === undefined && given.directory === undefined) {
      logger.warn("LANGFUSE_PERSISTENCE_DIRECTORY is used for delivery 'spill': resendAmbiguous is false");
      return { ...persistence, delivery: 'spill', directory };
    }
    throw check.validationError('resendAmbiguous', false, {
      problem: "contradicts delivery 'at-least-once', which sends again what may have arrived",
      remedy: "leave it out, or give delivery 'spill'",
    });
  }
  return { ...persistence, delivery, directory };
}

function givenIn({ persistence }: LangfuseOptions): NonNullable<LangfuseOptions['persistence']> {
  if (persistence === undefined) return {};
  if (typeof persistence === 'object' && persistence !== null && !Array.isArray(persistence)) return persistence;
  throw check.validationError('persistence', persistence, {
    problem: 'must be an object',
    remedy: "give e.g. { directory: '/var/spool/langfuse' }",
  });
}
