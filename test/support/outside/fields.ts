/** An object of a request, of whatever form it has. */
export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** What is wrong, in words, each with whether it is. */
export function faultsAmong(where: string, checks: Readonly<Record<string, boolean>>): string[] {
  return Object.keys(checks)
    .filter((what) => checks[what])
    .map((what) => `${where}: ${what}`);
}

export const isHex = (digits: number, value: unknown): boolean =>
  typeof value === 'string' && new RegExp(`^[0-9a-f]{${digits}}$`).test(value) && !/^0+$/.test(value);

export const isEnvironment = (value: unknown): boolean =>
  typeof value === 'string' && /^(?!langfuse)[a-z0-9_-]{1,40}$/.test(value);

export const isCount = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 9_007_199_254_740_991;

export const isCost = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value < 1_000_000;

export const isPromptVersion = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535;

export const isOptionalText = (value: unknown): boolean => value === undefined || typeof value === 'string';

/** Whether any object in it has the key. */
export function hasKey(value: unknown, key: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return (!Array.isArray(value) && key in value) || Object.values(value).some((inner) => hasKey(inner, key));
}
