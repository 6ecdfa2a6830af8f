import { isLangfuseError } from '../errors.js';
import type { Config, Credentials } from '../options/config.js';
import { resolveOptions } from '../options/resolve.js';
import { resolveBaseUrl, resolveCredentials } from '../options/resolve-destination.js';
import { type Logger, noopLogger } from '../runtime/logger.js';
import { type Given, UsageError } from './command.js';
import type { Terminal } from './terminal.js';

/** What an exporter would be made of in this environment. */
export interface Settings {
  readonly baseUrl: string;
  /** False: the address that is set is none, and nothing is ever sent. */
  readonly hasUsableUrl: boolean;
  /** Undefined when one of them is missing. */
  readonly credentials: Credentials | undefined;
  /** A variable says that nothing is to be exported, although everything else is there. */
  readonly isSwitchedOff: boolean;
  readonly protocol: Config['protocol'];
  readonly directory: string | undefined;
  /** What an exporter says about its environment when it is made. */
  readonly warnings: readonly string[];
}

/** @throws UsageError for a value on the command line that cannot be used. */
export function readSettings(given: Given, { env }: Terminal): Settings {
  const warnings: string[] = [];
  const logger: Logger = { ...noopLogger, warn: (message) => void warnings.push(message) };
  const baseUrl = given.text('base-url');
  const directory = given.text('directory');
  const options = { baseUrl, persistence: { directory }, logger, logLevel: 'warn' } as const;
  try {
    const config = resolveOptions(options, env);
    const url = resolveBaseUrl(options, env, noopLogger);
    const credentials = resolveCredentials({}, env, noopLogger);
    return {
      baseUrl: url.value,
      hasUsableUrl: url.usable,
      credentials,
      isSwitchedOff: url.usable && credentials !== undefined && config.credentials === undefined,
      protocol: config.protocol,
      directory: config.persistence?.directory,
      warnings: [...new Set(warnings)],
    };
  } catch (failure) {
    if (isLangfuseError(failure)) throw new UsageError(failure.message);
    throw failure;
  }
}

/** @throws UsageError when there is none. */
export function directoryOf({ directory }: Settings): string {
  if (directory !== undefined) return directory;
  throw new UsageError('no directory given; give --directory <path> or set LANGFUSE_PERSISTENCE_DIRECTORY');
}

/** @throws UsageError when they are not complete. */
export function credentialsOf({ credentials }: Settings): Credentials {
  if (credentials !== undefined) return credentials;
  throw new UsageError('keys are needed; set LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY');
}
