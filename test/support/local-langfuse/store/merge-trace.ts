import type { LocalTrace } from '../model.js';
import type { Profile } from '../profiles.js';
import type { Entity } from './entity.js';
import { lastOf, lastText, lastTruthy, shown, toIso } from './field-rules.js';
import { mergedMetadata, mergedMetadataOfV2 } from './metadata.js';

export function mergeTrace(id: string, entity: Entity, profile: Profile): LocalTrace {
  const events = entity.events();
  const [first] = events;
  if (!first) throw new Error(`nothing is stored of ${id}`);
  const isV2 = profile.storage === 'v2';
  const field = (key: string): string | null => lastText(events, key, !isV2);
  const firstTime = toIso(first.body['timestamp'] ?? first.timestamp) ?? entity.firstStoredAt;
  return {
    id,
    timestamp: isV2 ? (toIso(lastOf(events, 'timestamp', false)) ?? entity.firstStoredAt) : firstTime,
    name: isV2 ? field('name') : (field('name') ?? ''),
    userId: field('userId'),
    sessionId: field('sessionId'),
    tags: [...new Set(events.flatMap(({ body }) => tagsOf(body['tags'])))].sort(),
    // On v3 and v4 every trace-create says whether the trace is public; one that does not mention it says no.
    public: isV2 ? lastOf(events, 'public', false) === true : events.at(-1)?.body['public'] === true,
    environment: String(first.body['environment'] ?? 'default'),
    release: field('release'),
    version: field('version'),
    input: isV2 ? lastOf(events, 'input', false) : shown(lastTruthy(events, 'input')),
    output: isV2 ? lastOf(events, 'output', false) : shown(lastTruthy(events, 'output')),
    metadata: isV2 ? mergedMetadataOfV2(events) : mergedMetadata(events),
  };
}

function tagsOf(tags: unknown): string[] {
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
}
