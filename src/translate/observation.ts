import type { Observation, ObservationLevel, Position, PromptLink, TraceFields } from '../model.js';
import type { Attributes, HrTime, SpanData, SpanEventData } from '../span.js';
import { flagOf, textOf } from './attributes.js';
import { CONVENTIONS } from './conventions/index.js';
import { type Draft, newDraft } from './draft.js';
import { keyInfo } from './key-info.js';
import { environmentIn, originOf } from './origin.js';
import { toParameters } from './parameters.js';
import { isBefore } from './times.js';
import { withTools } from './tools.js';
import { explicitUsage, toCost, toUsage } from './usage.js';

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
export function toObservation(span: SpanData, options: TranslateOptions): Observation {
  const draft = draftOf(span);
  const origin = originOf(span.resource);
  const isCounted = !draft.isWrapper;
  const model = isCounted || draft.isModelExplicit ? draft.model : undefined;
  const version = draft.version ?? options.version ?? origin.version;
  const release = draft.release ?? options.release ?? origin.release;
  const level = levelOf(span, draft);
  return {
    traceId: span.traceId,
    id: span.spanId,
    parentId: span.parentSpanId,
    position: positionOf(span),
    type: draft.type ?? (model === undefined ? 'span' : 'generation'),
    name: draft.name ?? span.name,
    startTime: span.startTime,
    endTime: latest(span.startTime, span.endTime),
    completionStartTime: draft.completionStartTime,
    level,
    statusMessage:
      draft.statusMessage ?? textOf(span.status.message) ?? (level === 'ERROR' ? exceptionIn(span) : undefined),
    environment:
      draft.environment ?? environmentIn(span.attributes) ?? options.environment ?? origin.environment ?? 'default',
    version,
    release,
    input: draft.tools === undefined ? draft.input : withTools(draft.input, draft.tools),
    output: draft.output,
    model,
    modelParameters: toParameters(draft.parameters),
    usage: draft.explicitUsage ? explicitUsage(draft.explicitUsage) : isCounted ? toUsage(draft.usage) : undefined,
    cost: draft.explicitCost ? toCost(draft.explicitCost) : isCounted ? toCost(draft.cost) : undefined,
    prompt: promptOf(draft),
    metadata: draft.metadata,
    attributes: remainingAttributes(span.attributes, draft.used),
    events: remainingEvents(span.events, draft.usedEvents),
    links: span.links,
    kind: span.kind,
    statusCode: span.status.code,
    resource: span.resource,
    scope: span.scope,
    trace: traceOf(draft, version, release),
  };
}

/** Asks each convention that owns an attribute of the span, in order of precedence. */
function draftOf(span: SpanData): Draft {
  let conventions = 0;
  for (const key in span.attributes) conventions |= keyInfo(key).conventions;
  const draft = newDraft();
  for (const [place, convention] of CONVENTIONS.entries()) {
    if (conventions & (1 << place)) convention.read(span, draft);
  }
  return draft;
}

function positionOf({ parentSpanId, parentIsRemote, attributes }: SpanData): Position {
  if (parentSpanId === undefined || flagOf(attributes['langfuse.internal.as_root'])) return 'trace';
  return parentIsRemote ? 'local' : 'inner';
}

function levelOf({ status }: SpanData, { level }: Draft): ObservationLevel {
  return level ?? (status.code === ERROR_STATUS ? 'ERROR' : 'DEFAULT');
}

/** A recorded exception says why, where the status does not. */
function exceptionIn({ events, attributes }: SpanData): string | undefined {
  const exception = events.findLast(({ name }) => name === 'exception')?.attributes;
  return (
    textOf(exception?.['exception.message']) ??
    textOf(exception?.['exception.type']) ??
    textOf(attributes['error.type'])
  );
}

function latest(start: HrTime, end: HrTime): HrTime {
  return isBefore(end, start) ? start : end;
}

/** The column is 16 bits wide, and a name without a version loses the observation. */
function promptOf({ promptName: name, promptVersion: version, type }: Draft): PromptLink | undefined {
  if (name === undefined || version === undefined || (type !== undefined && type !== 'generation')) return undefined;
  return Number.isInteger(version) && version >= 1 && version <= 65_535 ? { name, version } : undefined;
}

/** Everything that has no place of its own in the observation. */
function remainingAttributes(attributes: Attributes, used: ReadonlySet<string>): Attributes {
  const remaining: { [key: string]: unknown } = {};
  for (const key in attributes) {
    if (key !== '__proto__' && !keyInfo(key).isTranslated && !used.has(key)) remaining[key] = attributes[key];
  }
  return remaining;
}

function remainingEvents(events: readonly SpanEventData[], used: ReadonlySet<number>): readonly SpanEventData[] {
  return used.size === 0 ? events : events.filter((_, position) => !used.has(position));
}

function traceOf(draft: Draft, version: string | undefined, release: string | undefined): TraceFields {
  return {
    name: draft.traceName,
    userId: draft.userId,
    sessionId: draft.sessionId,
    tags: draft.tags.length === 0 ? undefined : [...new Set(draft.tags)],
    public: draft.tracePublic,
    metadata: isEmpty(draft.traceMetadata) ? undefined : draft.traceMetadata,
    version,
    release,
    input: draft.traceInput,
    output: draft.traceOutput,
  };
}

function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}
