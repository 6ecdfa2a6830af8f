import { LangfuseError } from '../errors.js';

/** A value that cannot be used, why, and what to give instead. */
export interface Complaint {
  readonly problem: string;
  readonly remedy: string;
}

/** Parses a value given in code or in the environment: the usable value, or what is wrong with it. */
export type Check<T> = (value: unknown) => { readonly value: T } | Complaint;

export function validationError(option: string, value: unknown, complaint: Complaint): LangfuseError {
  return new LangfuseError(
    'VALIDATION_ERROR',
    `${option} ${complaint.problem}, got ${show(value)}; ${complaint.remedy}`,
    {
      details: { field: option },
    },
  );
}

export function integer(least: number, remedy: string): Check<number> {
  return (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least
      ? { value }
      : { problem: `must be an integer of at least ${least}`, remedy };
}

export function number(least: number, remedy: string): Check<number> {
  return (value) =>
    typeof value === 'number' && Number.isFinite(value) && value >= least
      ? { value }
      : { problem: `must be a number of at least ${least}`, remedy };
}

export function between(least: number, most: number, remedy: string): Check<number> {
  return (value) =>
    typeof value === 'number' && value >= least && value <= most
      ? { value }
      : { problem: `must be a number from ${least} to ${most}`, remedy };
}

export function text(remedy: string): Check<string> {
  return (value) =>
    typeof value === 'string' && value.trim() !== ''
      ? { value: value.trim() }
      : { problem: 'must be a text that is not empty', remedy };
}

export function flag(remedy: string): Check<boolean> {
  return (value) => (typeof value === 'boolean' ? { value } : { problem: 'must be true or false', remedy });
}

export function oneOf<T extends string | boolean>(values: readonly T[]): Check<T> {
  return (value) => {
    const found = values.find((candidate) => candidate === value);
    return found === undefined
      ? {
          problem: `must be one of ${values.map(literal).join(', ')}`,
          remedy: `give ${literal(values[0])}, for example`,
        }
      : { value: found };
  };
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

export function callable<T>(remedy: string): Check<T> {
  return (value) => (typeof value === 'function' ? { value: value as T } : { problem: 'must be a function', remedy });
}

/** `http` or `https`, without trailing slashes, query and fragment; a path stays. */
export const baseUrl: Check<string> = (value) => {
  const remedy = "give the address of the server, e.g. 'https://cloud.langfuse.com'";
  if (typeof value !== 'string' || !URL.canParse(value.trim())) return { problem: 'must be a URL', remedy };
  const url = new URL(value.trim());
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return { problem: 'must begin with http:// or https://', remedy };
  if (url.username || url.password) {
    return {
      problem: 'must not contain a user name or a password',
      remedy: 'give the keys as publicKey and secretKey',
    };
  }
  return { value: `${url.origin}${url.pathname.replace(/\/+$/, '')}` };
};

/** Short, and without anything that could be a credential. */
function show(value: unknown): string {
  if (typeof value === 'string') {
    if (/(sk|pk)-lf-|:\/\/[^/]*@/.test(value)) return 'a text that may hold a key';
    return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  }
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined)
    return String(value);
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}
