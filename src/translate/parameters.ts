import { isForbiddenKey, type WireChanges } from '../wire-rules.js';

type Parameters = Readonly<{ [name: string]: string | number }>;

/** The server rejects the whole observation over a parameter of another kind: lists and objects become JSON text. */
export function toParameters(
  given: Readonly<{ [name: string]: unknown }>,
  changes: WireChanges,
): Parameters | undefined {
  const parameters: { [name: string]: string | number } = {};
  let isEmpty = true;
  for (const name in given) {
    const value = toParameter(given[name]);
    if (value === undefined) continue;
    if (isForbiddenKey(name)) {
      changes.note('key');
      continue;
    }
    parameters[name] = value;
    isEmpty = false;
  }
  return isEmpty ? undefined : parameters;
}

function toParameter(value: unknown): string | number | undefined {
  if (typeof value === 'string') return value;
  // What the server makes of it on the OTLP path, so that both protocols show the same.
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return undefined;
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
