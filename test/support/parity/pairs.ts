import type { Observation } from '../../../src/model.js';
import type { SpanData } from '../../../src/span.js';
import { toObservation } from '../../../src/translate/observation.js';
import { corpus } from '../corpus.js';
import { spanDataOf } from '../otlp-span-data.js';

/** One recorded span, and what it becomes: by the server's own OTLP mapping, before its event schema, and by ours. */
export interface Pair {
  /** Run and name of the span, for people. */
  readonly where: string;
  readonly span: SpanData;
  readonly server: ServerBody;
  /** `SPAN`, `GENERATION`, … */
  readonly serverType: string;
  readonly ours: Observation;
}

export interface ServerBody {
  readonly name?: string | null;
  readonly level?: string;
  readonly statusMessage?: string | null;
  readonly model?: string | null;
  readonly modelParameters?: Readonly<Record<string, unknown>> | null;
  readonly version?: string | null;
  readonly environment?: string;
  readonly completionStartTime?: string | null;
  readonly promptName?: string | null;
  readonly promptVersion?: number | null;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export function pairs(): Pair[] {
  return corpus().flatMap(({ name, resourceSpans, serverEvents }) => {
    const events = serverEvents.filter(({ type }) => type !== 'trace-create');
    const bodies = new Map(events.map((event) => [event.body['id'], event]));
    return spanDataOf(resourceSpans).map((span) => {
      const event = bodies.get(span.spanId);
      if (event === undefined) throw new Error(`${name}: the server made nothing of ${span.spanId}`);
      const serverType = event.type.replace('-create', '').toUpperCase();
      const where = `${name} / ${span.name} / ${span.spanId}`;
      return { where, span, server: event.body, serverType, ours: toObservation(span, {}) };
    });
  });
}
