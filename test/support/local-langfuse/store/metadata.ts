import type { IngestionEvent, JsonObject } from '../model.js';
import { deepMerge, isObject, shown } from './field-rules.js';

/** v3 and v4 keep a map of texts: a root that is no object goes under a key, and values are read back as JSON. */
export function mergedMetadata(events: readonly IngestionEvent[]): JsonObject {
  const roots = events.map(({ body }) => body['metadata']).filter((root) => root !== undefined && root !== null);
  const merged = roots.map((root) => (isObject(root) ? root : { metadata: root })).reduce<unknown>(deepMerge, {});
  const { '': _unnamed, ...named } = isObject(merged) ? merged : {};
  return shownValues(named);
}

/** v2 keeps JSON as it came, and nothing when nothing came. */
export function mergedMetadataOfV2(events: readonly IngestionEvent[]): unknown {
  const roots = events.map(({ body }) => body['metadata']).filter((root) => root !== undefined && root !== null);
  return roots.length === 0 ? null : roots.reduce<unknown>(deepMerge, undefined);
}

export function shownValues(metadata: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, shown(value)]));
}
