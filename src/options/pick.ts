import type { Logger } from '../runtime/logger.js';
import * as check from './check.js';
import { type Environment, firstOf } from './env.js';

/** Takes the value given in code (wrong: throws), else the first variable that is set (wrong: warns, is ignored). */
export type Pick = <T>(
  option: string,
  given: unknown,
  parse: check.Check<T>,
  variables: readonly string[],
  convert?: (text: string) => unknown,
) => T | undefined;

export function picker(env: Environment, logger: Logger): Pick {
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
