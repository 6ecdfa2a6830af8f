import type { Json, MetadataEntry, ObservationRecord, TraceRecord } from '../../record.js';
import { formatCount } from '../units.js';

/** Whether what people wrote, and who they are, is shown or only how long it is. */
export type Visibility = 'masked' | 'all';

/**
 * A record as a person reads it. Masked, it shows what a span is, when, by which model and at what cost; content,
 * metadata and whatever names a person are hidden. What is added to records later is hidden until it is listed here.
 */
export function shownRecord(record: ObservationRecord, visibility: Visibility): object {
  const text = (value: string | undefined): unknown => hide(value, visibility, value);
  const json = (value: Json | undefined): unknown => hide(value, visibility, parsed(value));
  const { trace, traceEvent } = record;
  return {
    id: record.id,
    traceId: record.traceId,
    spanId: record.spanId,
    parentId: record.parentId,
    type: record.type,
    position: record.position,
    level: record.level,
    name: parsed(record.name),
    environment: parsed(record.environment),
    startTime: isoOf(record.startTime),
    endTime: isoOf(record.endTime),
    completionStartTime: record.completionStartTime,
    model: parsed(record.model),
    modelParameters: json(record.modelParameters),
    usage: parsed(record.usage),
    cost: parsed(record.cost),
    promptName: parsed(record.promptName),
    promptVersion: record.promptVersion,
    version: parsed(record.version),
    release: parsed(record.release),
    statusMessage: json(record.statusMessage),
    input: text(record.input),
    output: text(record.output),
    metadata: entries(record.metadata, json),
    events: json(record.otlpEvents),
    links: json(record.otlpLinks),
    experiment: entries(record.experiment, json),
    trace: shownTrace(trace, json),
    traceEvent: traceEvent && { id: traceEvent.id, input: text(traceEvent.input), output: text(traceEvent.output) },
    resource: json(record.resource.attributes),
    size: record.size,
  };
}

function shownTrace(trace: TraceRecord, json: (value: Json | undefined) => unknown): object {
  return {
    name: parsed(trace.name),
    userId: json(trace.userId),
    sessionId: json(trace.sessionId),
    tags: json(trace.tags),
    public: parsed(trace.public),
    version: parsed(trace.version),
    release: parsed(trace.release),
    metadata: entries(trace.metadata, json),
  };
}

function hide(value: string | undefined, visibility: Visibility, shown: unknown): unknown {
  if (value === undefined) return undefined;
  return visibility === 'all' ? shown : `<${formatCount(value.length)} characters>`;
}

/** The keys are the programmer's, the values may be anybody's. */
function entries(metadata: readonly MetadataEntry[], json: (value: Json) => unknown): object {
  return Object.fromEntries(metadata.map(({ key, value }) => [key, json(value)]));
}

function parsed(value: Json | undefined): unknown {
  if (value === undefined) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function isoOf([seconds, nanoseconds]: readonly [number, number]): string {
  return new Date(1000 * seconds + Math.floor(nanoseconds / 1_000_000)).toISOString();
}
