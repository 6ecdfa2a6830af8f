import { ingestionEncoder } from './encode/ingestion.js';
import type { ServerTraits } from './ports.js';
import type { SpanLike } from './span.js';
import { Translation } from './translation.js';

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
  const { environment, release, version } = options;
  const translation = new Translation({ environment, release, version });
  const records = spans.map((span) => translation.toRecord(translation.read(span)));
  const { body } = ingestionEncoder.encode(records, READABLE);
  const { batch } = JSON.parse(new TextDecoder().decode(body)) as { readonly batch: IngestionEvent[] };
  return batch;
}

/** Everything a server may know, and content as structure. */
const READABLE: ServerTraits = { manyTypes: true, oldUsage: false, wantsStructures: true };
