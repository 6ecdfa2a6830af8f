import type { Observation } from '../model.js';
import type { Json, MetadataEntry } from '../record.js';
import type { Attributes, ScopeData, SpanEventData } from '../span.js';
import { isForbiddenKey, type WireChanges } from '../wire-rules.js';
import { toCleanKey, toJson } from './json.js';
import { JsonCache } from './json-cache.js';
import { quoteTexts, toFlatText } from './quote.js';
import { toIso } from './time.js';

/** The user's own keys first; ours (as the server's mapping calls them) do not hide one of the same name. */
export function metadataOf(observation: Observation, changes: WireChanges): MetadataEntry[] {
  const entries = entriesOf(observation.metadata, changes);
  const add = (key: string, value: Json): void => {
    if (!Object.hasOwn(observation.metadata, key)) entries.push({ key, value });
  };
  if (observation.events.length > 0) add('events', eventsOf(observation.events, changes));
  // No server shows links.
  if (observation.links.length > 0) add('links', toJson(observation.links, changes) ?? '[]');
  const attributes = attributesOf(observation.attributes, changes);
  if (attributes !== '{}') add('attributes', attributes);
  add('scope', scopes.of(observation.scope, changes));
  return entries;
}

export function entriesOf(
  metadata: Readonly<{ [key: string]: unknown }> | undefined,
  changes: WireChanges,
): MetadataEntry[] {
  const entries: MetadataEntry[] = [];
  for (const key in metadata) {
    const value = toJson(metadata[key], changes);
    if (value === undefined) continue;
    if (isForbiddenKey(key)) changes.note('key');
    else entries.push({ key: toCleanKey(key, changes), value });
  }
  return entries;
}

/** As the server's own mapping keeps them: every value a text. */
function attributesOf(attributes: Attributes, changes: WireChanges): Json {
  const texts: { [key: string]: string } = {};
  for (const key in attributes) {
    const text = textOf(attributes[key], changes);
    if (text === undefined) continue;
    if (isForbiddenKey(key)) changes.note('key');
    else texts[toFlatText(key, changes)] = text;
  }
  return quoteTexts(texts, changes);
}

function textOf(value: unknown, changes: WireChanges): string | undefined {
  if (typeof value === 'string') return toFlatText(value, changes);
  return typeof value === 'number' ? String(value) : toJson(value, changes);
}

/** One scope serves all spans of a library. */
const scopes = new JsonCache<ScopeData, Json>(
  ({ name, version, attributes = {} }, changes) => toJson({ name, version, attributes }, changes) ?? '{}',
);

function eventsOf(events: readonly SpanEventData[], changes: WireChanges): Json {
  const shown = events.map(({ name, time, attributes }) => ({ name, time: toIso(time), attributes }));
  return toJson(shown, changes) ?? '[]';
}
