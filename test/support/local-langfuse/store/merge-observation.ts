import type { IngestionEvent, LocalObservation } from '../model.js';
import type { Profile } from '../profiles.js';
import type { Entity } from './entity.js';
import { lastOf, lastText, lastTruthy, shown, toIso } from './field-rules.js';
import { mergedMetadata, mergedMetadataOfV2 } from './metadata.js';
import { mergedCosts, mergedUsage } from './usage.js';

export function mergeObservation(id: string, entity: Entity, profile: Profile): LocalObservation {
  const events = entity.events();
  const [first, last] = [events[0], events.at(-1)];
  if (!first || !last) throw new Error(`nothing is stored of ${id}`);
  const isV2 = profile.storage === 'v2';
  const startTime = startOf(first, events, isV2) ?? entity.firstStoredAt;
  const time = (key: string): string | null => toIso(lastOf(events, key, false));
  const name = lastText(events, 'name', !isV2);
  const promptVersion = lastOf(events, 'promptVersion', false);
  return {
    id,
    traceId: lastText([first], 'traceId', false),
    parentObservationId: lastText(events, 'parentObservationId', false),
    type: last.type.replace(/-(create|update)$/, '').toUpperCase(),
    name: isV2 ? name : (name ?? ''),
    startTime,
    endTime: isV2 ? time('endTime') : notBefore(startTime, time('endTime')),
    completionStartTime: time('completionStartTime'),
    model: lastText(events, 'model', true),
    modelParameters: lastOf(events, 'modelParameters', false),
    usageDetails: mergedUsage(events),
    costDetails: mergedCosts(events, profile),
    input: isV2 ? lastOf(events, 'input', false) : shown(lastTruthy(events, 'input')),
    output: isV2 ? lastOf(events, 'output', false) : shown(lastTruthy(events, 'output')),
    metadata: isV2 ? mergedMetadataOfV2(events) : mergedMetadata(events),
    level: lastText(events, 'level', !isV2) ?? 'DEFAULT',
    statusMessage: lastText(events, 'statusMessage', false),
    version: lastText(events, 'version', false),
    environment: String(first.body['environment'] ?? 'default'),
    promptName: lastText(events, 'promptName', false),
    promptVersion: typeof promptVersion === 'number' ? promptVersion : null,
  };
}

/** The first one stays on v3 and v4; v2 takes the last, and the time of arrival when there is none. */
function startOf(first: IngestionEvent, events: readonly IngestionEvent[], isV2: boolean): string | null {
  return toIso(isV2 ? lastOf(events, 'startTime', false) : (first.body['startTime'] ?? first.timestamp));
}

/** The server repairs an end before the start; 1970 counts as no end there, and stays. */
function notBefore(startTime: string, endTime: string | null): string | null {
  return endTime !== null && Date.parse(endTime) !== 0 && endTime < startTime ? startTime : endTime;
}
