import type { Logger } from '../runtime/logger.js';
import * as check from './check.js';
import type { Credentials } from './config.js';
import { DEFAULTS } from './defaults.js';
import { type Environment, firstOf } from './env.js';
import type { LangfuseOptions } from './options.js';

/**
 * A wrong address in the environment switches the export off instead of falling back to the default: data meant for
 * one's own server must not go to somebody else's.
 */
export function resolveBaseUrl(
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

export function resolveCredentials(
  options: LangfuseOptions,
  env: Environment,
  logger: Logger,
): Credentials | undefined {
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

export function resolveHeaders(options: LangfuseOptions): Readonly<{ [name: string]: string }> {
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
