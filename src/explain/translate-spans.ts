import { ingestionEncoder } from '../encode/ingestion.js';
import type { MaskFunction } from '../mask-function.js';
import type { MaskOptions } from '../options/mask-options.js';
import type { ServerTraits } from '../ports.js';
import { Translation } from '../preparation/translation.js';
import type { SpanLike } from '../span.js';
import { childrenFirst } from '../translate/children-first.js';
import { pureMask } from './pure-mask.js';

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
  /** As the option of the same name. */
  readonly usageOnWrappers?: boolean | undefined;
  /** What it is asked and does not answer at once is withheld: nothing is waited for. */
  readonly mask?: MaskFunction | MaskOptions | undefined;
}

/**
 * What these spans become in Langfuse: pure, nothing is sent. For tests and for debugging. Input and output that are
 * JSON text on the span are shown as the structure they describe. Spans may come in any order; what becomes of them
 * keeps it.
 *
 * @throws whatever a getter of a hostile attribute throws.
 */
export function translateSpans(spans: readonly SpanLike[], options: TranslateSpansOptions = {}): IngestionEvent[] {
  const { environment, release, version, usageOnWrappers, mask } = options;
  const translation = new Translation({
    options: { environment, release, version, usageOnWrappers },
    mask: mask === undefined ? undefined : pureMask(mask),
  });
  const records = new Map(childrenFirst(spans).map((span) => [span, translation.toRecordNow(span)]));
  const inOrder = spans.flatMap((span) => records.get(span) ?? []);
  const { body } = ingestionEncoder.encode(inOrder, READABLE);
  const { batch } = JSON.parse(new TextDecoder().decode(body)) as { readonly batch: IngestionEvent[] };
  return batch;
}

/** Everything a server may know, and content as structure. */
const READABLE: ServerTraits = { manyTypes: true, oldUsage: false, wantsStructures: true };
