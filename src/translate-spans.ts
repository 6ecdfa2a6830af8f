import { ingestionEncoder } from './encode/ingestion.js';
import { toRecord } from './encode/record.js';
import { toSpanData } from './otel/span-data.js';
import type { SpanLike } from './span.js';
import { toObservation } from './translate/observation.js';
import { TraceMemory } from './translate/trace-memory.js';

/** An event of Langfuse's ingestion API. */
export interface IngestionEvent {
  readonly id: string;
  /** `trace-create`, `generation-create`, … */
  readonly type: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly body: Readonly<{ [field: string]: unknown }>;
}

export interface TranslateSpansOptions {
  readonly environment?: string | undefined;
  readonly release?: string | undefined;
  readonly version?: string | undefined;
}

/**
 * What these spans become in Langfuse: pure, nothing is sent. For tests and for debugging. Input and output that are
 * JSON text on the span are shown as the structure they describe.
 *
 * @throws whatever a getter of a hostile attribute throws.
 */
export function translateSpans(spans: readonly SpanLike[], options: TranslateSpansOptions = {}): IngestionEvent[] {
  const memory = new TraceMemory();
  const { environment, release, version } = options;
  const records = spans.map((span) => {
    const observation = toObservation(toSpanData(span), { environment, release, version });
    return toRecord(observation, memory.update(observation));
  });
  const traits = { version: undefined, manyTypes: true, oldUsage: false };
  const { batch } = JSON.parse(new TextDecoder().decode(ingestionEncoder.encode(records, traits).body)) as {
    readonly batch: IngestionEvent[];
  };
  return batch.map((event) => ({ ...event, body: readable(event.body) }));
}

function readable(body: IngestionEvent['body']): IngestionEvent['body'] {
  const shown: { [field: string]: unknown } = { ...body };
  for (const field of ['input', 'output']) if (field in shown) shown[field] = parsed(shown[field]);
  return shown;
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
