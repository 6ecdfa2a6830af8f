import { usageDetailsSchema } from '../ingestion/usage-schema.js';
import type { EventRow } from '../model.js';
import { completionStart } from './completion-start.js';
import { environmentOf } from './environment.js';
import { flatMetadata } from './flat-metadata.js';
import { observationIo } from './io.js';
import { levelOf, statusMessageOf } from './level.js';
import { rowMetadata } from './metadata.js';
import { modelName } from './model-name.js';
import { modelParameters } from './model-parameters.js';
import { observationName } from './observation-name.js';
import { observationType } from './observation-type.js';
import { type OtlpSpan, readSpans } from './otlp-span.js';
import { promptLink } from './prompt-link.js';
import { withMovedTools } from './tool-definitions.js';
import { traceFields } from './trace-fields.js';
import { costDetails, usageDetails } from './usage.js';
import { isTrue, jsonText } from './values.js';

/** The shape of v4: one row per span with its own trace fields, no traces, no event schema (facts §15). */
export function toEventRows(body: unknown): EventRow[] {
  try {
    return readSpans(body).map(eventRow);
  } catch {
    return [];
  }
}

function eventRow(span: OtlpSpan): EventRow {
  const type = observationType(span);
  const io = observationIo(span);
  const { input, metadata } = withMovedTools({ input: io.input, metadata: rowMetadata(span) });
  const prompt = promptLink(span.attributes, type);
  const start = completionStart(span);
  const trace = traceFields(span);
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: textOf(observationName(span)) ?? '',
    type,
    environment: environmentOf(span),
    version: textOf(trace.version),
    release: textOf(trace.release),
    startTime: span.startTime,
    endTime: span.endTime,
    level: levelOf(span),
    statusMessage: textOf(statusMessageOf(span)),
    promptName: textOf(prompt.promptName),
    promptVersion: promptVersionOf(prompt.promptVersion),
    modelParameters: modelParameters(span),
    model: modelName(span.attributes) ?? null,
    completionStartTime: start === null ? null : new Date(start).toISOString(),
    usageDetails: withTotal(usageDetails(span)),
    costDetails: costNumbers(costDetails(span)),
    tags: trace.tags,
    public: trace.public ?? false,
    isAppRoot: isTrue(span.attributes['langfuse.internal.is_app_root']),
    traceName: textOf(span.attributes['langfuse.trace.name']),
    userId: trace.userId ?? null,
    sessionId: trace.sessionId ?? null,
    input: textOf(input),
    output: textOf(io.output),
    metadata: flatMetadata(metadata),
  };
}

function textOf(value: unknown): string | null {
  return value === undefined || value === null || value === '' ? null : jsonText(value);
}

/** Cut to an integer, which then has to fit a UInt16. */
function promptVersionOf(value: unknown): number | null {
  const version = Number.parseInt(String(value), 10);
  return version >= 0 && version <= 65_535 ? version : null;
}

const counts = usageDetailsSchema('lenient');

/** Usage is the one field that passes through the event schema here too; the total is added when it is stored. */
function withTotal(usage: Record<string, unknown>): Record<string, number> {
  const parsed = counts.safeParse(usage);
  const buckets = (parsed.success ? parsed.data : {}) as Record<string, number>;
  const numbers = Object.values(buckets);
  if ('total' in buckets || numbers.length === 0) return buckets;
  return { ...buckets, total: numbers.reduce((sum, count) => sum + count, 0) };
}

/** Costs are unchecked: negative ones are kept, and text arrives as 0 (recorded). */
function costNumbers(costs: Record<string, unknown>): Record<string, number> {
  return Object.fromEntries(Object.entries(costs).map(([key, cost]) => [key, typeof cost === 'number' ? cost : 0]));
}
