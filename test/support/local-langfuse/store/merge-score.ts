import type { LocalScore } from '../model.js';
import type { Entity } from './entity.js';
import { lastOf, lastText, toIso } from './field-rules.js';
import { mergedMetadata } from './metadata.js';

export function mergeScore(id: string, entity: Entity): LocalScore {
  const events = entity.events();
  const [first] = events;
  if (!first) throw new Error(`nothing is stored of ${id}`);
  const value = lastOf(events, 'value', false);
  const kind = typeof value === 'number' ? 'NUMERIC' : 'CATEGORICAL';
  return {
    id,
    traceId: lastText([first], 'traceId', false),
    observationId: lastText([first], 'observationId', false),
    sessionId: lastText([first], 'sessionId', false),
    name: lastText(events, 'name', false) ?? '',
    value: typeof value === 'number' || typeof value === 'string' ? value : '',
    dataType: lastText(events, 'dataType', false) ?? kind,
    comment: lastText(events, 'comment', true),
    environment: String(first.body['environment'] ?? 'default'),
    metadata: mergedMetadata(events),
    timestamp: toIso(first.timestamp) ?? entity.firstStoredAt,
  };
}
