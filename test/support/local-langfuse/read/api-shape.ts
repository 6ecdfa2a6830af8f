import type { JsonObject, LocalObservation, LocalScore, LocalTrace } from '../model.js';
import type { Profile } from '../profiles.js';

/** `GET /api/public/traces/{id}` of the servers with a trace table. */
export function toApiTrace(
  trace: LocalTrace,
  observations: readonly LocalObservation[],
  scores: readonly LocalScore[],
  profile: Profile,
): JsonObject {
  const { environment, ...fields } = trace;
  return {
    ...fields,
    ...(profile.storage === 'v2' ? {} : { environment }),
    bookmarked: false,
    externalId: null,
    scores: scores.filter(({ traceId }) => traceId === trace.id),
    observations: observations.map((observation) => toApiObservation(observation, profile)),
    totalCost: observations.reduce((sum, { costDetails }) => sum + (costDetails['total'] ?? 0), 0),
  };
}

/** One of `GET /api/public/observations`. */
export function toApiObservation(observation: LocalObservation, profile: Profile): JsonObject {
  const { environment, usageDetails, costDetails, ...fields } = observation;
  const usage = usageByDirection(usageDetails, profile);
  const costs = directions(costDetails);
  return {
    ...fields,
    ...(profile.storage === 'v2' ? {} : { environment, usageDetails, costDetails }),
    // The server links prompts it knows, and this project has none.
    promptName: null,
    promptVersion: null,
    calculatedInputCost: costs.input,
    calculatedOutputCost: costs.output,
    calculatedTotalCost: costDetails['total'] ?? null,
    timeToFirstToken: secondsBetween(observation.startTime, observation.completionStartTime),
    promptTokens: usage.input,
    completionTokens: usage.output,
    totalTokens: usage.total,
    unit: usage.unit,
    usage,
  };
}

export function secondsBetween(from: string, to: string | null): number | null {
  return to === null ? null : (Date.parse(to) - Date.parse(from)) / 1000;
}

/** The servers add up whatever has `input` or `output` in its name. */
export function directions(map: Readonly<Record<string, number>>): { input: number | null; output: number | null } {
  const sumOf = (word: string): number | null => {
    const parts = Object.entries(map).filter(([key]) => key.includes(word));
    return parts.length === 0 ? null : parts.reduce((sum, [, value]) => sum + value, 0);
  };
  return { input: sumOf('input'), output: sumOf('output') };
}

function usageByDirection(usageDetails: Readonly<Record<string, number>>, profile: Profile) {
  const { input, output } = directions(usageDetails);
  const hasUnit = profile.storage !== 'v2' || Object.keys(usageDetails).length > 0;
  return { unit: hasUnit ? 'TOKENS' : null, input: input ?? 0, output: output ?? 0, total: usageDetails['total'] ?? 0 };
}
