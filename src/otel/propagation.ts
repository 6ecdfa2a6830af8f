import { type Context, createContextKey, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { LANGFUSE } from '../attribute-keys.js';
import type { PromptLink, TraceFields } from '../model.js';
import type { Attributes } from '../span.js';

/** What a span has by where it started, unless it says otherwise itself. */
export interface Inherited {
  readonly trace: TraceFields;
  readonly environment?: string | undefined;
  readonly version?: string | undefined;
  readonly prompt?: PromptLink | undefined;
}

/**
 * Where `propagateAttributes` of `@langfuse/core` puts its values. Keys made from the same text are the same key in
 * every copy of the OpenTelemetry API.
 */
const KEYS = {
  userId: createContextKey('langfuse_user_id'),
  sessionId: createContextKey('langfuse_session_id'),
  tags: createContextKey('langfuse_tags'),
  traceName: createContextKey('langfuse_trace_name'),
  metadata: createContextKey('langfuse_metadata'),
  version: createContextKey('langfuse_version'),
  environment: createContextKey('langfuse_environment'),
  promptName: createContextKey('langfuse_prompt_name'),
  promptVersion: createContextKey('langfuse_prompt_version'),
} as const;

/**
 * What spans get from where they start: from the context (`propagateAttributes`) and from their parent. Kept beside
 * the span, which is never written to, and forgotten with it: a span that never ends leaves nothing behind.
 */
export class Propagation {
  readonly #inherited = new WeakMap<object, Inherited>();

  /** A span starts. */
  note(span: object, parent: Context): void {
    if (parent === ROOT_CONTEXT) return;
    const inherited = merge(fromContext(parent), this.#fromParent(trace.getSpan(parent)));
    if (inherited) this.#inherited.set(span, inherited);
  }

  /** What the span that ended had been given at its start. */
  of(span: object): Inherited | undefined {
    return this.#inherited.get(span);
  }

  #fromParent(parent: object | undefined): Inherited | undefined {
    if (parent === undefined) return undefined;
    const { attributes } = parent as { readonly attributes?: Attributes };
    return merge(attributes && fromAttributes(attributes), this.#inherited.get(parent));
  }
}

function fromContext(context: Context): Inherited | undefined {
  const found: Inherited = {
    trace: {
      userId: textOf(context.getValue(KEYS.userId)),
      sessionId: textOf(context.getValue(KEYS.sessionId)),
      name: textOf(context.getValue(KEYS.traceName)),
      tags: textsOf(context.getValue(KEYS.tags)),
      metadata: objectOf(context.getValue(KEYS.metadata)),
    },
    environment: textOf(context.getValue(KEYS.environment)),
    version: textOf(context.getValue(KEYS.version)),
    prompt: promptOf(context.getValue(KEYS.promptName), context.getValue(KEYS.promptVersion)),
  };
  return hasAny(found) ? found : undefined;
}

/** A parent passes on what it says of the trace, not of itself. */
function fromAttributes(attributes: Attributes): Inherited | undefined {
  const userId = textOf(attributes[LANGFUSE.userId]);
  const sessionId = textOf(attributes[LANGFUSE.sessionId]);
  const name = textOf(attributes[LANGFUSE.traceName]);
  const tags = textsOf(attributes[LANGFUSE.traceTags]);
  const isPublic = attributes[LANGFUSE.tracePublic] === true ? true : undefined;
  if ((userId ?? sessionId ?? name ?? tags ?? isPublic) === undefined) return undefined;
  return { trace: { userId, sessionId, name, tags, public: isPublic } };
}

/** `near` wins; tags and metadata add up. The far one is returned itself when there is nothing nearer. */
function merge(near: Inherited | undefined, far: Inherited | undefined): Inherited | undefined {
  if (near === undefined || far === undefined) return near ?? far;
  return {
    trace: mergeTrace(near.trace, far.trace),
    environment: near.environment ?? far.environment,
    version: near.version ?? far.version,
    prompt: near.prompt ?? far.prompt,
  };
}

function mergeTrace(near: TraceFields, far: TraceFields): TraceFields {
  return {
    userId: near.userId ?? far.userId,
    sessionId: near.sessionId ?? far.sessionId,
    name: near.name ?? far.name,
    public: near.public ?? far.public,
    tags: near.tags && far.tags ? [...new Set([...far.tags, ...near.tags])] : (near.tags ?? far.tags),
    metadata: near.metadata && far.metadata ? { ...far.metadata, ...near.metadata } : (near.metadata ?? far.metadata),
  };
}

function hasAny({ trace: fields, environment, version, prompt }: Inherited): boolean {
  const { userId, sessionId, name, tags, metadata } = fields;
  return (userId ?? sessionId ?? name ?? tags ?? metadata ?? environment ?? version ?? prompt) !== undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function textsOf(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((item) => typeof item === 'string');
  return texts.length === 0 ? undefined : texts;
}

function objectOf(value: unknown): Readonly<{ [key: string]: unknown }> | undefined {
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}

function promptOf(name: unknown, version: unknown): PromptLink | undefined {
  return typeof name === 'string' && typeof version === 'number' && Number.isInteger(version) && version > 0
    ? { name, version }
    : undefined;
}
