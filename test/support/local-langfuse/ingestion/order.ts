import type { IngestionEvent } from '../model.js';

/** As the server processes and acknowledges a batch: updates after everything else, each by envelope time. */
export function inProcessingOrder(events: readonly IngestionEvent[]): IngestionEvent[] {
  return [...events].sort((a, b) => rank(a) - rank(b) || timeOf(a) - timeOf(b));
}

export function isUpdate(event: IngestionEvent): boolean {
  return event.type.endsWith('-update');
}

export function timeOf(event: IngestionEvent): number {
  return Date.parse(event.timestamp);
}

function rank(event: IngestionEvent): number {
  return isUpdate(event) ? 1 : 0;
}
