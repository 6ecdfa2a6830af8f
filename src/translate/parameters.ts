type Parameters = Readonly<{ [name: string]: string | number | boolean }>;

/** The server rejects the whole observation over a parameter of another kind: lists and objects become JSON text. */
export function toParameters(given: Readonly<{ [name: string]: unknown }>): Parameters | undefined {
  const parameters: { [name: string]: string | number | boolean } = {};
  let isEmpty = true;
  for (const name in given) {
    const value = toParameter(given[name]);
    if (value === undefined || name === '__proto__') continue;
    parameters[name] = value;
    isEmpty = false;
  }
  return isEmpty ? undefined : parameters;
}

function toParameter(value: unknown): string | number | boolean | undefined {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return undefined;
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
