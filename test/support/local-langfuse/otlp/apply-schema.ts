import { validate } from '../ingestion/validate.js';
import type { IngestionEvent } from '../model.js';
import { profileNamed } from '../profiles.js';

/**
 * What the event schema leaves of a mapped event, or nothing when it refuses it (facts §13): mapped events pass the
 * same schema as posted ones.
 */
export function applySchema(event: IngestionEvent): IngestionEvent | undefined {
  const verdict = validate(profileNamed('v4-legacy'), event);
  return verdict.kind === 'valid' ? verdict.event : undefined;
}
