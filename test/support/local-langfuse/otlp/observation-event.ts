import { randomUUID } from 'node:crypto';
import type { IngestionEvent, JsonObject } from '../model.js';
import { completionStart } from './completion-start.js';
import { environmentOf } from './environment.js';
import { observationIo } from './io.js';
import { levelOf, statusMessageOf } from './level.js';
import { observationMetadata } from './metadata.js';
import { modelName } from './model-name.js';
import { modelParameters } from './model-parameters.js';
import { observationName } from './observation-name.js';
import { observationType } from './observation-type.js';
import type { OtlpSpan } from './otlp-span.js';
import { promptLink } from './prompt-link.js';
import { withMovedTools } from './tool-definitions.js';
import { versionOf } from './trace-fields.js';
import { costDetails, usageDetails } from './usage.js';

/** Every span becomes one observation (facts §13), before the event schema has removed anything. */
export function observationEvent(span: OtlpSpan): IngestionEvent {
  const type = observationType(span);
  const io = observationIo(span);
  const body: JsonObject = {
    id: span.spanId,
    traceId: span.traceId,
    parentObservationId: span.parentSpanId,
    name: observationName(span),
    startTime: span.startTime,
    endTime: span.endTime,
    environment: environmentOf(span),
    completionStartTime: completionStart(span),
    level: levelOf(span),
    statusMessage: statusMessageOf(span),
    version: versionOf(span),
    modelParameters: modelParameters(span),
    model: modelName(span.attributes),
    ...promptLink(span.attributes, type),
    usageDetails: usageDetails(span),
    costDetails: costDetails(span),
    output: io.output,
    ...withMovedTools({ input: io.input, metadata: observationMetadata(span) }),
  };
  return { id: randomUUID(), type: `${type.toLowerCase()}-create`, timestamp: new Date().toISOString(), body };
}
