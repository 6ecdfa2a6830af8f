import { type Context, createContextKey, trace } from '@opentelemetry/api';
import { LANGFUSE } from '../attribute-keys.js';
import type { Attributes } from '../span.js';

/**
 * Where `propagateAttributes` of `@langfuse/core` puts its values. Keys made from the same text are the same key in
 * every copy of the OpenTelemetry API.
 */
const PROPAGATED: readonly (readonly [contextKey: symbol, attribute: string])[] = [
  [createContextKey('langfuse_user_id'), LANGFUSE.userId],
  [createContextKey('langfuse_session_id'), LANGFUSE.sessionId],
  [createContextKey('langfuse_tags'), LANGFUSE.traceTags],
  [createContextKey('langfuse_trace_name'), LANGFUSE.traceName],
  [createContextKey('langfuse_version'), LANGFUSE.version],
  [createContextKey('langfuse_environment'), LANGFUSE.environment],
  [createContextKey('langfuse_prompt_name'), LANGFUSE.promptName],
  [createContextKey('langfuse_prompt_version'), LANGFUSE.promptVersion],
];
const METADATA = createContextKey('langfuse_metadata');

/** What a span passes on to its children, when it has it at their start. */
const INHERITED = [
  LANGFUSE.userId,
  LANGFUSE.sessionId,
  LANGFUSE.traceName,
  LANGFUSE.traceTags,
  LANGFUSE.tracePublic,
] as const;

/**
 * What spans get from where they start: from the context (`propagateAttributes`) and from their parent. Kept beside
 * the span, which is never written to, and forgotten with it: a span that never ends leaves nothing behind.
 */
export class Propagation {
  readonly #inherited = new WeakMap<object, Attributes>();

  /** A span starts. */
  note(span: object, parent: Context): void {
    const attributes: { [key: string]: unknown } = {};
    const parentSpan = trace.getSpan(parent);
    if (parentSpan) this.#copyFromParent(parentSpan, attributes);
    copyFromContext(parent, attributes);
    for (const _ in attributes) {
      this.#inherited.set(span, attributes);
      return;
    }
  }

  /** What the span that ended had been given at its start. */
  of(span: object): Attributes | undefined {
    return this.#inherited.get(span);
  }

  #copyFromParent(parent: object, into: { [key: string]: unknown }): void {
    const inherited = this.#inherited.get(parent);
    if (inherited) for (const key of INHERITED) if (inherited[key] !== undefined) into[key] = inherited[key];
    const own = (parent as { readonly attributes?: Attributes }).attributes;
    if (own) for (const key of INHERITED) if (own[key] !== undefined) into[key] = own[key];
  }
}

function copyFromContext(context: Context, into: { [key: string]: unknown }): void {
  for (const [contextKey, attribute] of PROPAGATED) {
    const value = context.getValue(contextKey);
    if (value !== undefined) into[attribute] = value;
  }
  const metadata = context.getValue(METADATA);
  if (typeof metadata !== 'object' || metadata === null) return;
  for (const [key, value] of Object.entries(metadata)) into[`${LANGFUSE.traceMetadata}.${key}`] = value;
}
