import type { EventRow, JsonObject } from '../model.js';
import type { Profile } from '../profiles.js';
import { shownValues } from '../store/metadata.js';
import { withTotalCost } from '../store/usage.js';
import { directions, secondsBetween } from './api-shape.js';

/** One of `GET /api/public/v2/observations`: absent texts are empty, input and output stay text. */
export function toApiRow(row: EventRow, profile: Profile): JsonObject {
  const { spanId, parentSpanId, isAppRoot, input, output, costDetails, ...fields } = row;
  const usage = directions(row.usageDetails);
  const costs = Object.keys(costDetails).length > 0 ? withTotalCost(costDetails, profile) : {};
  const cost = directions(costs);
  const isRoot = isAppRoot || !parentSpanId;
  return {
    ...fields,
    id: spanId,
    parentObservationId: parentSpanId || null,
    isRootObservation: isRoot,
    statusMessage: row.statusMessage ?? '',
    version: row.version ?? '',
    release: row.release ?? '',
    model: row.model ?? '',
    modelParameters: row.modelParameters ?? {},
    userId: row.userId ?? '',
    sessionId: row.sessionId ?? '',
    traceName: row.traceName || (isRoot ? row.name : '') || null,
    promptName: row.promptName ?? '',
    input: textOf(input),
    output: textOf(output),
    metadata: shownValues(row.metadata),
    inputUsage: usage.input ?? 0,
    outputUsage: usage.output ?? 0,
    totalUsage: row.usageDetails['total'] ?? 0,
    costDetails: costs,
    inputCost: cost.input,
    outputCost: cost.output,
    totalCost: costs['total'] ?? 0,
    timeToFirstToken: secondsBetween(row.startTime, row.completionStartTime),
  };
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
