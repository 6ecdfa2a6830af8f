import { LANGFUSE } from '../../attribute-keys.js';
import type { ObservationLevel, ObservationType } from '../../model.js';
import type { Attributes, HrTime } from '../../span.js';
import { firstText, flagOf, isPresent, numberOf, objectOf, parsed, textOf, textsOf } from '../attributes.js';
import { type Convention, type Draft, takeInput, takeOutput } from '../draft.js';
import { toHrTime } from '../times.js';

/**
 * Langfuse's own attributes: `@langfuse/tracing`, its Python sibling, and everybody who writes them by hand. Stated
 * outright, so they win over every inference. https://langfuse.com/integrations/native/opentelemetry
 */
export const langfuse: Convention = {
  name: 'langfuse',
  owns: (key) => key.startsWith('langfuse.'),
  read(span, draft) {
    const { attributes } = span;
    draft.type ??= TYPES[textOf(attributes[LANGFUSE.type]) ?? ''];
    takeInput(span, draft, LANGFUSE.input);
    takeOutput(span, draft, LANGFUSE.output);
    draft.level ??= LEVELS[textOf(attributes[LANGFUSE.level])?.trim().toUpperCase() ?? ''];
    draft.statusMessage ??= textOf(attributes[LANGFUSE.statusMessage]);
    readGeneration(attributes, draft);
    readTrace(attributes, draft);
    readMetadata(attributes, draft);
    readExperiment(attributes, draft);
    draft.environment ??= firstText(attributes, LANGFUSE.environment);
    draft.release ??= firstText(attributes, LANGFUSE.release);
    draft.version ??= firstText(attributes, LANGFUSE.version);
  },
};

const TYPES: Readonly<{ [name: string]: ObservationType | undefined }> = Object.assign(Object.create(null), {
  span: 'span',
  generation: 'generation',
  event: 'event',
  embedding: 'embedding',
  agent: 'agent',
  tool: 'tool',
  chain: 'chain',
  retriever: 'retriever',
  guardrail: 'guardrail',
  evaluator: 'evaluator',
});

/** The aliases the server reads as well (4.16). */
const LEVELS: Readonly<{ [name: string]: ObservationLevel | undefined }> = Object.assign(Object.create(null), {
  DEBUG: 'DEBUG',
  TRACE: 'DEBUG',
  VERBOSE: 'DEBUG',
  DEFAULT: 'DEFAULT',
  INFO: 'DEFAULT',
  LOG: 'DEFAULT',
  NOTICE: 'DEFAULT',
  OK: 'DEFAULT',
  SUCCESS: 'DEFAULT',
  WARNING: 'WARNING',
  WARN: 'WARNING',
  ERROR: 'ERROR',
  FATAL: 'ERROR',
  CRITICAL: 'ERROR',
});

function readGeneration(attributes: Attributes, draft: Draft): void {
  const model = textOf(attributes[LANGFUSE.model]);
  if (model !== undefined) {
    draft.model ??= model;
    draft.isModelExplicit = true;
  }
  Object.assign(draft.parameters, objectOf(attributes[LANGFUSE.modelParameters]));
  draft.explicitUsage ??= objectOf(attributes[LANGFUSE.usage]);
  draft.explicitCost ??= objectOf(attributes[LANGFUSE.cost]);
  draft.completionStartTime ??= timeOf(attributes[LANGFUSE.completionStartTime]);
  draft.promptName ??= firstText(attributes, LANGFUSE.promptName, 'langfuse.prompt.name');
  draft.promptVersion ??=
    numberOf(attributes[LANGFUSE.promptVersion]) ?? numberOf(attributes['langfuse.prompt.version']);
}

/** Older SDKs write the time as JSON text, in quotes of its own. */
function timeOf(value: unknown): HrTime | undefined {
  const text = textOf(value);
  if (text === undefined) return undefined;
  return toHrTime(text.startsWith('"') ? String(parsed(text)) : text);
}

const TAGS = [
  LANGFUSE.traceTags,
  'langfuse.tags',
  `${LANGFUSE.metadata}.langfuse_tags`,
  `${LANGFUSE.traceMetadata}.langfuse_tags`,
] as const;

function readTrace(attributes: Attributes, draft: Draft): void {
  for (const key of TAGS) draft.tags.push(...(textsOf(attributes[key]) ?? []));
  draft.traceName ??= textOf(attributes[LANGFUSE.traceName]);
  draft.tracePublic ??= flagOf(attributes[LANGFUSE.tracePublic]) ?? flagOf(attributes['langfuse.public']);
  if (isPresent(attributes[LANGFUSE.traceInput])) draft.traceInput ??= attributes[LANGFUSE.traceInput];
  if (isPresent(attributes[LANGFUSE.traceOutput])) draft.traceOutput ??= attributes[LANGFUSE.traceOutput];
}

/** Prefixes of metadata that the user gave key by key, and whether it is the trace's. */
const METADATA: readonly (readonly [prefix: string, isTrace: boolean])[] = [
  [LANGFUSE.metadata, false],
  [LANGFUSE.traceMetadata, true],
  ['langfuse.metadata', false],
];

function readMetadata(attributes: Attributes, draft: Draft): void {
  for (const [prefix, isTrace] of METADATA)
    addMetadata(isTrace ? draft.traceMetadata : draft.metadata, attributes[prefix]);
  for (const key in attributes) {
    if (!key.startsWith('langfuse.')) continue;
    for (const [prefix, isTrace] of METADATA) {
      if (!key.startsWith(`${prefix}.`)) continue;
      const metadata = isTrace ? draft.traceMetadata : draft.metadata;
      metadata[key.slice(prefix.length + 1)] = attributes[key];
    }
  }
}

/** They stay visible as attributes too: only v4 has columns for them. */
function readExperiment(attributes: Attributes, draft: Draft): void {
  for (const key in attributes) {
    if (key.startsWith(EXPERIMENT)) draft.experiment[key.slice(EXPERIMENT.length)] = attributes[key];
  }
}

const EXPERIMENT = `${LANGFUSE.experiment}.`;
/** Servers lose what is no object, or make keys of its positions: it gets a key. */
function addMetadata(metadata: { [key: string]: unknown }, given: unknown): void {
  const whole = objectOf(given);
  if (whole) Object.assign(metadata, whole);
  else if (isPresent(given)) metadata['value'] = given;
}

/** Attributes that have become fields of their own; the others of this convention stay visible as metadata. */
export function isTranslatedByLangfuse(key: string): boolean {
  return (
    TRANSLATED.has(key) ||
    METADATA.some(([prefix]) => key === prefix || key.startsWith(`${prefix}.`)) ||
    key === LANGFUSE.input ||
    key === LANGFUSE.output
  );
}

/** User and session stay visible as attributes too, as they do in the server's own mapping. */
const TRANSLATED: ReadonlySet<string> = new Set(
  [...Object.values(LANGFUSE), 'langfuse.prompt.name', 'langfuse.prompt.version'].filter(
    (key) => key !== LANGFUSE.userId && key !== LANGFUSE.sessionId && key !== LANGFUSE.experiment,
  ),
);
