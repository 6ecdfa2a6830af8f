import type { ObservationLevel, ObservationType } from '../model.js';
import type { HrTime, SpanData } from '../span.js';
import { WireChanges } from '../wire-rules.js';

/**
 * An observation in the making. Conventions are asked in order of precedence, and each fills only what is still empty
 * (`??=`); what several know in part (tags, metadata) adds up. Tokens and dollars are read for all of them alike (`usage/`).
 */
export interface Draft {
  type?: ObservationType | undefined;
  name?: string | undefined;
  input?: unknown;
  output?: unknown;
  model?: string | undefined;
  /** Set by whoever states it outright: it stays, also where the calls inside are counted. */
  isModelExplicit?: boolean | undefined;
  readonly parameters: { [name: string]: unknown };
  /** Tokens and dollars by Langfuse's own keys, stated outright. */
  explicitUsage?: Readonly<{ [key: string]: unknown }> | undefined;
  explicitCost?: Readonly<{ [key: string]: unknown }> | undefined;
  level?: ObservationLevel | undefined;
  statusMessage?: string | undefined;
  completionStartTime?: HrTime | undefined;
  promptName?: string | undefined;
  promptVersion?: number | undefined;
  environment?: string | undefined;
  release?: string | undefined;
  version?: string | undefined;
  userId?: string | undefined;
  sessionId?: string | undefined;
  readonly tags: string[];
  traceName?: string | undefined;
  tracePublic?: boolean | undefined;
  traceInput?: unknown;
  traceOutput?: unknown;
  readonly traceMetadata: { [key: string]: unknown };
  readonly metadata: { [key: string]: unknown };
  /** `langfuse.experiment.*`, without the prefix. */
  readonly experiment: { [key: string]: unknown };
  /** Tool definitions, to be shown with the input. */
  tools?: readonly unknown[] | undefined;
  /** It only passes on what its children did: where they said what they took, it is not counted again. */
  isWrapper?: boolean | undefined;
  /** Attributes whose content has become input or output, and need not be kept a second time. */
  readonly used: Set<string>;
  /** Positions of span events that have become input or output. */
  readonly usedEvents: Set<number>;
  /** What was stated and has to be left out, because no server keeps it. */
  readonly changes: WireChanges;
}

/**
 * Of what users name: keys that objects inherit (`__proto__`, `constructor`) are keys like others. Objects without any
 * prototype at all are slow ones in V8.
 */
const NOTHING_INHERITED: object = Object.freeze(Object.create(null));

export function newDraft(): Draft {
  return {
    parameters: Object.create(NOTHING_INHERITED),
    tags: [],
    traceMetadata: Object.create(NOTHING_INHERITED),
    metadata: Object.create(NOTHING_INHERITED),
    experiment: Object.create(NOTHING_INHERITED),
    used: new Set(),
    usedEvents: new Set(),
    changes: new WireChanges(),
  };
}

/** One way to write GenAI spans. */
export interface Convention {
  readonly name: string;
  /** Whether an attribute key is of this convention. Asked once per key, not once per span. */
  owns(key: string): boolean;
  /** Whether it reads every span of this tracer, whatever attributes that has. */
  isScope?(name: string): boolean;
  /** Reads what is its own from a span that has at least one such attribute. */
  read(span: SpanData, draft: Draft): void;
  /** Whether what the key says has a field of its own in every observation, so that it is not kept as an attribute. */
  translates?(key: string): boolean;
}

/** Takes the value of `key` as input, if there is one and the input is still empty. */
export function takeInput(span: SpanData, draft: Draft, ...keys: readonly string[]): void {
  for (const key of keys) {
    if (draft.input !== undefined) return;
    const value = span.attributes[key];
    if (value === undefined || value === null || value === '') continue;
    draft.input = value;
    draft.used.add(key);
  }
}

/** The same for the output. */
export function takeOutput(span: SpanData, draft: Draft, ...keys: readonly string[]): void {
  for (const key of keys) {
    if (draft.output !== undefined) return;
    const value = span.attributes[key];
    if (value === undefined || value === null || value === '') continue;
    draft.output = value;
    draft.used.add(key);
  }
}
