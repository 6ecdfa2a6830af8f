/**
 * What the Langfuse server 4.16.0 makes of OTLP spans, written from the fact sheet `langfuse-mapping.md` ("facts" in the
 * comments here) and checked against what a real server made of the corpus.
 */
export type { EventRow, IngestionEvent } from '../model.js';
export { applySchema } from './apply-schema.js';
export { toEventRows } from './event-rows.js';
export { toIngestionEvents } from './ingestion-events.js';
export { rejectionOf } from './rejection.js';
