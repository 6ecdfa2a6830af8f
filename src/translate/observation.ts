import { LANGFUSE } from '../attribute-keys.js';
import type { Observation, ObservationLevel, Position, PromptLink, TraceFields } from '../model.js';
import type { Attributes, HrTime, SpanData, SpanEventData } from '../span.js';
import { isForbiddenKey, isPromptVersion } from '../wire-rules.js';
import { firstText, flagOf, textOf } from './attributes.js';
import { CONVENTIONS } from './conventions/index.js';
import { withDetails } from './details.js';
import { type Draft, newDraft } from './draft.js';
import { isBrokenOff } from './finish-reason.js';
import { readIdentity } from './identity.js';
import { incompleteIn } from './incomplete.js';
import { askedOf, keyInfo, TELLS } from './key-info.js';
import { readable } from './messages/readable.js';
import { environmentIn, originOf } from './origin.js';
import { toParameters } from './parameters.js';
import { sharedMetadata } from './shared-metadata.js';
import { isBefore } from './times.js';
import { withTools } from './tools.js';
import { accountOf } from './usage/account.js';

/** What holds for spans that do not say otherwise. */
export interface TranslateOptions {
  readonly environment?: string | undefined;
  readonly release?: string | undefined;
  readonly version?: string | undefined;
}

const ERROR_STATUS = 2;

/**
 * One span in Langfuse's terms. The same span always gives the same observation, and is not touched. Never throws for
 * what attributes are; a getter of a hostile attribute may.
 */
export function toObservation(given: SpanData, options: TranslateOptions): Observation {
  const span = withDetails(given);
  const { conventions, tells } = askedOf(span);
  const draft = draftOf(span, conventions, tells);
  const origin = originOf(span.resource);
  const { type, usage, cost, call } = accountOf(span, draft);
  const version = draft.version ?? options.version ?? origin.version;
  const release = draft.release ?? options.release ?? origin.release;
  const level = levelOf(span, draft);
  const shared = tells & TELLS.sharedMetadata ? sharedMetadata(span.attributes) : undefined;
  return {
    traceId: span.traceId,
    id: span.spanId,
    parentId: span.parentSpanId,
    position: positionOf(span),
    type,
    name: draft.name ?? span.name,
    startTime: span.startTime,
    endTime: latest(span.startTime, span.endTime),
    completionStartTime: draft.completionStartTime,
    level,
    statusMessage:
      draft.statusMessage ?? textOf(span.status.message) ?? (level === 'ERROR' ? exceptionIn(span) : undefined),
    environment:
      draft.environment ??
      (tells & TELLS.environment ? environmentIn(span.attributes) : undefined) ??
      options.environment ??
      origin.environment ??
      'default',
    version,
    release,
    input: readable(draft.tools === undefined ? draft.input : withTools(draft.input, draft.tools)),
    output: readable(draft.output),
    model: draft.model,
    modelParameters: toParameters(draft.parameters, draft.changes),
    usage,
    cost,
    prompt: type === 'generation' ? promptOf(draft) : undefined,
    metadata: metadataOf(span, draft),
    attributes: remainingAttributes(span.attributes, draft),
    events: remainingEvents(span.events, draft.usedEvents),
    links: span.links,
    kind: span.kind,
    statusCode: span.status.code,
    resource: span.resource,
    scope: span.scope,
    call,
    trace: traceOf(span, draft, { version, release, sharedMetadata: shared }),
    experiment: isEmpty(draft.experiment) ? undefined : draft.experiment,
    // Last of all: what is above may note something.
    changed: draft.changes.kinds,
  };
}

/** Asks each convention that owns an attribute of the span, in order of precedence. */
function draftOf(span: SpanData, conventions: number, tells: number): Draft {
  const draft = newDraft();
  if (tells & TELLS.identity) readIdentity(span.attributes, draft);
  for (let place = 0; place < CONVENTIONS.length; place++) {
    if (conventions & (1 << place)) CONVENTIONS[place]?.read(span, draft);
  }
  return draft;
}

/** `@langfuse/otel` marks as the application's root what has a parent that is not exported. */
function positionOf({ parentSpanId, parentIsRemote, attributes }: SpanData): Position {
  if (parentSpanId === undefined || flagOf(attributes[LANGFUSE.asRoot]) === true) return 'trace';
  return parentIsRemote || flagOf(attributes[LANGFUSE.isAppRoot]) === true ? 'local' : 'inner';
}

function levelOf({ status, attributes }: SpanData, { level }: Draft): ObservationLevel {
  return level ?? (status.code === ERROR_STATUS || isBrokenOff(attributes) ? 'ERROR' : 'DEFAULT');
}

const REASONS = ['exception.message', 'error.message', 'exception.type', 'error.type'] as const;

/** A recorded exception says why, where the status does not. */
function exceptionIn({ events, attributes }: SpanData): string | undefined {
  const exception = events.findLast(({ name }) => name === 'exception')?.attributes;
  return firstText(exception ?? {}, 'exception.message', 'exception.type') ?? firstText(attributes, ...REASONS);
}

function latest(start: HrTime, end: HrTime): HrTime {
  return isBefore(end, start) ? start : end;
}

/** A name without a version loses the observation. Many spans name a prompt and no version: nothing of that is mended. */
function promptOf({ promptName: name, promptVersion: version, changes }: Draft): PromptLink | undefined {
  if (name === undefined || version === undefined) return undefined;
  if (isPromptVersion(version)) return { name, version };
  changes.note('number');
  return undefined;
}

/** A key of the user's own stays. */
function metadataOf(span: SpanData, { metadata }: Draft): Observation['metadata'] {
  const incomplete = incompleteIn(span);
  return incomplete === undefined ? metadata : { incomplete, ...metadata };
}

/** Everything that has no place of its own in the observation. */
function remainingAttributes(attributes: Attributes, { used, changes }: Draft): Attributes {
  const remaining: { [key: string]: unknown } = {};
  for (const key in attributes) {
    if (isForbiddenKey(key)) changes.note('key');
    else if (!keyInfo(key).isTranslated && !used.has(key)) remaining[key] = attributes[key];
  }
  return remaining;
}

function remainingEvents(events: readonly SpanEventData[], used: ReadonlySet<number>): readonly SpanEventData[] {
  return used.size === 0 ? events : events.filter((_, position) => !used.has(position));
}

function traceOf(
  span: SpanData,
  draft: Draft,
  { version, release, sharedMetadata: shared }: Pick<TraceFields, 'version' | 'release' | 'sharedMetadata'>,
): TraceFields {
  const { metadata: ofResource } = originOf(span.resource);
  return {
    name: draft.traceName,
    userId: draft.userId,
    sessionId: draft.sessionId,
    tags: draft.tags.length === 0 ? undefined : [...new Set(draft.tags)],
    public: draft.tracePublic,
    metadata: isEmpty(draft.traceMetadata) ? ofResource : { ...ofResource, ...draft.traceMetadata },
    version,
    release,
    input: readable(draft.traceInput),
    output: readable(draft.traceOutput),
    sharedMetadata: shared,
  };
}

function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}
