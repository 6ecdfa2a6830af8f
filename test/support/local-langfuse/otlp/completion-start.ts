import type { OtlpSpan } from './otlp-span.js';
import { parsedJson } from './values.js';

/** The time as it was written, or the AI SDK's milliseconds after the start (facts §6.3). */
export function completionStart({ attributes, startTime }: OtlpSpan): string | number | null {
  const said = attributes['langfuse.observation.completion_start_time'];
  if (isDate(said)) return said;
  // SDKs once put the text into JSON quotes.
  const unquoted = parsedJson(said);
  if (isDate(unquoted)) return unquoted;
  const millis = attributes['ai.response.msToFirstChunk'] ?? attributes['ai.stream.msToFirstChunk'];
  return millis ? new Date(Date.parse(startTime) + Math.ceil(Number(millis))).toISOString() : null;
}

function isDate(value: unknown): value is string | number {
  return (typeof value === 'string' || typeof value === 'number') && !Number.isNaN(new Date(value).getTime());
}
