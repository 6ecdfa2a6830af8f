import { randomUUID } from 'node:crypto';
import type { IngestionEvent, JsonObject } from '../model.js';
import { environmentOf } from './environment.js';
import { rootTraceIo } from './io.js';
import { rootTraceMetadata, traceUpdateMetadata } from './metadata.js';
import { observationName } from './observation-name.js';
import type { OtlpSpan } from './otlp-span.js';
import { traceFields, updatesTrace } from './trace-fields.js';
import { isMeaningful } from './values.js';

/** The event that opens or changes the trace of a span, or none (facts §2.3). */
export function traceEvent(span: OtlpSpan, isNewTrace: boolean): IngestionEvent | undefined {
  const isRoot = !span.parentSpanId || String(span.attributes['langfuse.internal.as_root']) === 'true';
  const isUpdate = updatesTrace(span.attributes);
  if (!isRoot && !isUpdate && !isNewTrace) return undefined;
  const shallow = { id: span.traceId, timestamp: span.startTime, environment: environmentOf(span) };
  const rest = isRoot ? rootBody(span) : isUpdate ? updateBody(span) : {};
  return { id: randomUUID(), type: 'trace-create', timestamp: span.startTime, body: { ...shallow, ...rest } };
}

function rootBody(span: OtlpSpan): JsonObject {
  return {
    ...traceFields(span),
    name: span.attributes['langfuse.trace.name'] ?? observationName(span),
    metadata: rootTraceMetadata(span),
    ...rootTraceIo(span),
  };
}

function updateBody(span: OtlpSpan): JsonObject {
  return {
    ...traceFields(span),
    name: span.attributes['langfuse.trace.name'],
    metadata: traceUpdateMetadata(span),
    input: span.attributes['langfuse.trace.input'],
    output: span.attributes['langfuse.trace.output'],
  };
}

const CONTENT = ['name', 'metadata', 'userId', 'sessionId', 'public', 'tags', 'version', 'release', 'input', 'output'];

/** Says no more than that the trace exists; superfluous when another event of the request says more. */
export function isShallow({ type, body }: IngestionEvent): boolean {
  return type === 'trace-create' && !CONTENT.some((key) => isMeaningful(body[key]));
}
