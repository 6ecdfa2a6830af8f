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

/** What keys tell, in bits: most spans have none of them, and nobody looks for each. */
const TELLS = { user: 1, session: 2, tags: 4, metadata: 8, experiment: 16, other: 32 } as const;

/** What these attributes say beyond the span that has them; undefined when they say nothing. */
export function inheritedFrom(values: Values | undefined): Inherited | undefined {
  const tells = tellsOf(values);
  if (values === undefined || tells === 0) return undefined;
  const experiment = experimentIn(values, tells);
  const isExperiment = experiment?.['item.root_observation_id'] !== undefined;
  return {
    trace: traceIn(values, tells),
    environment: isExperiment ? EXPERIMENT_ENVIRONMENT : textOf(values[LANGFUSE.environment]),
    version: textOf(values[LANGFUSE.version]),
    prompt: promptOf(values[LANGFUSE.promptName], values[LANGFUSE.promptVersion]),
    experiment,
  };
}

/** What a span says of the trace, not of itself: that it passes on. */
export function passedOnBy(attributes: object | undefined): Inherited | undefined {
  const values = attributes as Values | undefined;
  const tells = tellsOf(values);
  if (values === undefined || tells === 0) return undefined;
  return { trace: traceIn(values, tells), experiment: experimentIn(values, tells) };
}

function traceIn(values: Values, tells: number): TraceFields {
  const isPublic = values[LANGFUSE.tracePublic];
  return {
    userId: tells & TELLS.user ? firstText(values, USER_KEYS) : undefined,
    sessionId: tells & TELLS.session ? firstText(values, SESSION_KEYS) : undefined,
    name: textOf(values[LANGFUSE.traceName]),
    public: isPublic === true || isPublic === 'true' ? true : undefined,
    tags: tells & TELLS.tags ? tagsIn(values) : undefined,
    metadata: tells & TELLS.metadata ? metadataIn(values) : undefined,
  };
}

function experimentIn(values: Values, tells: number): Values | undefined {
  return tells & TELLS.experiment ? entriesUnder(LANGFUSE.experiment, values) : undefined;
}

function tellsOf(values: Values | undefined): number {
  let tells = 0;
  for (const key in values) tells |= tellsOfKey(key);
  return tells;
}

/** Keys repeat from span to span; invented ones must not fill the memory. */
const MAX_CACHED = 4096;
const known = new Map<string, number>();

function tellsOfKey(key: string): number {
  const cached = known.get(key);
  if (cached !== undefined) return cached;
  const tells =
    (USERS.has(key) ? TELLS.user : 0) |
    (SESSIONS.has(key) ? TELLS.session : 0) |
    (TAGS.has(key) ? TELLS.tags : 0) |
    (key.startsWith(LANGFUSE.traceMetadata) ? TELLS.metadata : 0) |
    (key.startsWith(LANGFUSE.experiment) ? TELLS.experiment : 0) |
    (OTHERS.has(key) ? TELLS.other : 0);
  if (known.size < MAX_CACHED) known.set(key, tells);
  return tells;
}

const USERS: ReadonlySet<string> = new Set(USER_KEYS);
const SESSIONS: ReadonlySet<string> = new Set(SESSION_KEYS);
const TAGS: ReadonlySet<string> = new Set(TAG_KEYS);
const OTHERS: ReadonlySet<string> = new Set([
  LANGFUSE.traceName,
  LANGFUSE.tracePublic,
  LANGFUSE.environment,
  LANGFUSE.version,
  LANGFUSE.promptName,
  LANGFUSE.promptVersion,
]);

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
  return others.every((tag, place) => some[place] === tag) ? some : [...new Set([...some, ...others])];
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
