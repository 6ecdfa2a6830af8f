import { LANGFUSE, SESSION_KEYS, TAG_KEYS, USER_KEYS } from '../attribute-keys.js';
import type { PromptLink, TraceFields } from '../model.js';

type Values = Readonly<{ [key: string]: unknown }>;

/** What a span has by where it started, unless it says otherwise itself. */
export interface Inherited {
  readonly trace: TraceFields;
  readonly environment?: string | undefined;
  readonly version?: string | undefined;
  readonly prompt?: PromptLink | undefined;
  readonly experiment?: Values | undefined;
  /** The name of the span with which the trace entered this process. */
  readonly entryName?: string | undefined;
}

/** Spans of an experiment have an environment of their own, as `@langfuse/otel` sets it. */
const EXPERIMENT_ENVIRONMENT = 'sdk-experiment';

/** What these attributes say beyond the span that has them; undefined when they say nothing. */
export function inheritedFrom(values: Values | undefined): Inherited | undefined {
  if (values === undefined || !mayBeInherited(values)) return undefined;
  const fields: TraceFields = {
    userId: firstText(values, USER_KEYS),
    sessionId: firstText(values, SESSION_KEYS),
    name: textOf(values[LANGFUSE.traceName]),
    public: values[LANGFUSE.tracePublic] === true || values[LANGFUSE.tracePublic] === 'true' ? true : undefined,
    tags: tagsIn(values),
    metadata: metadataIn(values),
  };
  const experiment = entriesUnder(LANGFUSE.experiment, values);
  const isExperiment = experiment?.['item.root_observation_id'] !== undefined;
  const environment = isExperiment ? EXPERIMENT_ENVIRONMENT : textOf(values[LANGFUSE.environment]);
  const version = textOf(values[LANGFUSE.version]);
  const prompt = promptOf(values[LANGFUSE.promptName], values[LANGFUSE.promptVersion]);
  const { userId, sessionId, name, public: isPublic, tags, metadata } = fields;
  const said = userId ?? sessionId ?? name ?? isPublic ?? tags ?? metadata ?? environment ?? version ?? prompt;
  return (said ?? experiment) === undefined ? undefined : { trace: fields, environment, version, prompt, experiment };
}

/** A span passes on what it says of the trace, not of itself. */
export function passedOnBy(attributes: object | undefined): Inherited | undefined {
  const said = inheritedFrom(attributes as Values | undefined);
  return said && { trace: said.trace, experiment: said.experiment };
}

const KEYS: ReadonlySet<string> = new Set([...USER_KEYS, ...SESSION_KEYS, ...TAG_KEYS]);
const OWN_PREFIX = 'langfuse.';

/** Most spans have no such key, and nobody looks for each of them. */
function mayBeInherited(values: Values): boolean {
  for (const key in values) if (key.startsWith(OWN_PREFIX) || KEYS.has(key)) return true;
  return false;
}

/** `near` wins; tags and metadata add up. The far one is returned itself when there is nothing nearer. */
export function merge(near: Inherited | undefined, far: Inherited | undefined): Inherited | undefined {
  if (near === undefined || far === undefined) return near ?? far;
  return {
    trace: mergeTrace(near.trace, far.trace),
    environment: near.environment ?? far.environment,
    version: near.version ?? far.version,
    prompt: near.prompt ?? far.prompt,
    experiment: both(near.experiment, far.experiment),
  };
}

function mergeTrace(near: TraceFields, far: TraceFields): TraceFields {
  return {
    userId: near.userId ?? far.userId,
    sessionId: near.sessionId ?? far.sessionId,
    name: near.name ?? far.name,
    public: near.public ?? far.public,
    tags: near.tags && far.tags ? union(far.tags, near.tags) : (near.tags ?? far.tags),
    metadata: both(near.metadata, far.metadata),
  };
}

/** Spans of a trace mostly have the same ones. */
function union(some: readonly string[], others: readonly string[]): readonly string[] {
  return others.every((tag) => some.includes(tag)) ? some : [...new Set([...some, ...others])];
}

function both(near: Values | undefined, far: Values | undefined): Values | undefined {
  return near && far ? { ...far, ...near } : (near ?? far);
}

/** The rest of each key under a prefix. */
function entriesUnder(prefix: string, values: Values): Values | undefined {
  let entries: { [key: string]: unknown } | undefined;
  for (const key in values) {
    if (key.charCodeAt(prefix.length) !== 0x2e /* . */ || !key.startsWith(prefix)) continue;
    entries ??= {};
    entries[key.slice(prefix.length + 1)] = values[key];
  }
  return entries;
}

function metadataIn(values: Values): Values | undefined {
  const whole = values[LANGFUSE.traceMetadata];
  const single = entriesUnder(LANGFUSE.traceMetadata, values);
  return typeof whole === 'object' && whole !== null && !Array.isArray(whole) ? { ...whole, ...single } : single;
}

function tagsIn(values: Values): readonly string[] | undefined {
  for (const key of TAG_KEYS) {
    const list = values[key];
    if (!Array.isArray(list)) continue;
    const texts = list.filter((item) => typeof item === 'string');
    if (texts.length > 0) return texts;
  }
  return undefined;
}

function firstText(values: Values, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const text = textOf(values[key]);
    if (text !== undefined) return text;
  }
  return undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function promptOf(name: unknown, version: unknown): PromptLink | undefined {
  const number = typeof version === 'string' && /^\d{1,5}$/.test(version) ? Number(version) : version;
  return typeof name === 'string' && typeof number === 'number' && Number.isInteger(number) && number > 0
    ? { name, version: number }
    : undefined;
}
