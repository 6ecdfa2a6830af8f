import type { IngestionEvent } from '../model.js';
import { observationEvent } from './observation-event.js';
import { type OtlpSpan, readSpans } from './otlp-span.js';
import { isShallow, traceEvent } from './trace-event.js';

/**
 * The shape of v3 and of v4's older tables: events as `POST /api/public/ingestion` takes them (facts §2). `seen` holds
 * the traces of the last ten minutes; those of this request are added. A span that cannot be converted takes the whole
 * request along (§2.4).
 */
export function toIngestionEvents(body: unknown, seen: Set<string>): IngestionEvent[] {
  try {
    const events = readSpans(body).flatMap((span) => eventsOf(span, seen));
    return asJson(withoutNeedlessShallows(events));
  } catch {
    return [];
  }
}

function eventsOf(span: OtlpSpan, seen: Set<string>): IngestionEvent[] {
  const trace = traceEvent(span, !seen.has(span.traceId));
  seen.add(span.traceId);
  return trace ? [trace, observationEvent(span)] : [observationEvent(span)];
}

function withoutNeedlessShallows(events: readonly IngestionEvent[]): IngestionEvent[] {
  const traces = events.filter(({ type }) => type === 'trace-create');
  const full = new Set(traces.filter((event) => !isShallow(event)).map(({ body }) => body['id']));
  return events.filter((event) => !(isShallow(event) && full.has(event.body['id'])));
}

/** What later steps see has been JSON in between: no undefined fields, no holes in lists. */
function asJson(events: readonly IngestionEvent[]): IngestionEvent[] {
  return JSON.parse(JSON.stringify(events)) as IngestionEvent[];
}
