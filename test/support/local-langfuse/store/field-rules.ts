import type { IngestionEvent, JsonObject } from '../model.js';

/** The last value that is not absent; an explicit `null` counts where the server lets it overwrite. */
export function lastOf(events: readonly IngestionEvent[], key: string, nullCounts: boolean): unknown {
  const counts = (value: unknown): boolean => value !== undefined && (nullCounts || value !== null);
  return events.map(({ body }) => body[key]).findLast(counts) ?? null;
}

export function lastText(events: readonly IngestionEvent[], key: string, nullCounts: boolean): string | null {
  const value = lastOf(events, key, nullCounts);
  return typeof value === 'string' ? value : null;
}

/** Input and output of v3 and v4: 0, false and '' are never stored. */
export function lastTruthy(events: readonly IngestionEvent[], key: string): unknown {
  return events.map(({ body }) => body[key]).findLast(Boolean) ?? null;
}

/** Usage and cost maps are replaced whole, and an empty one is ignored. */
export function lastFilled<T extends object>(maps: readonly T[]): T | undefined {
  return maps.findLast((map) => Object.keys(map).length > 0);
}

export function toIso(time: unknown): string | null {
  return typeof time === 'string' ? new Date(time).toISOString() : null;
}

/** Objects by key, arrays by index, anything else replaced. */
export function deepMerge(target: unknown, source: unknown): unknown {
  if (source === undefined) return target;
  if (Array.isArray(source)) {
    const base: unknown[] = Array.isArray(target) ? target : [];
    return Array.from({ length: Math.max(base.length, source.length) }, (_, i) => deepMerge(base[i], source[i]));
  }
  if (!isObject(source)) return source;
  const merged: JsonObject = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(source)) {
    // The servers' merge leaves this key out as well.
    if (key !== '__proto__') merged[key] = deepMerge(merged[key], value);
  }
  return merged;
}

/** JSON text is shown parsed, any other text as it is. */
export function shown(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
