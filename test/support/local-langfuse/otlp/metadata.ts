import type { JsonObject } from '../model.js';
import { remainingAttributes } from './attribute-filter.js';
import type { OtlpSpan } from './otlp-span.js';
import { type Attributes, parsedJson } from './values.js';

type Domain = 'observation' | 'trace';

/** Later parts override earlier ones (facts §11.2); what is called like a block of the server loses to it. */
export function observationMetadata(span: OtlpSpan): JsonObject {
  return {
    ...userMetadata(span.resource, 'trace'),
    ...userMetadata(span.attributes, 'observation'),
    ...attributesBlock(span),
    ...sourceBlocks(span),
  };
}

export function rootTraceMetadata(span: OtlpSpan): JsonObject {
  return {
    ...userMetadata(span.resource, 'trace'),
    ...userMetadata(span.attributes, 'trace'),
    ...userMetadata(span.attributes, 'observation'),
    ...attributesBlock(span),
    ...sourceBlocks(span),
  };
}

export function traceUpdateMetadata(span: OtlpSpan): JsonObject {
  return {
    ...userMetadata(span.resource, 'trace'),
    ...userMetadata(span.attributes, 'trace'),
    ...sourceBlocks(span),
  };
}

/** The v4 shape lets users override the blocks, and forgets metadata on the resource (facts §15). */
export function rowMetadata(span: OtlpSpan): JsonObject {
  return {
    ...attributesBlock(span),
    ...sourceBlocks(span),
    ...userMetadata(span.attributes, 'observation'),
    ...userMetadata(span.attributes, 'trace'),
  };
}

function attributesBlock({ attributes, scope }: OtlpSpan): JsonObject {
  return scope.isLangfuseSdk ? {} : { attributes: remainingAttributes(attributes) };
}

function sourceBlocks({ resource, scope }: OtlpSpan): JsonObject {
  return { resourceAttributes: resource, scope: scope.block };
}

/** Used as trace fields instead. */
const NOT_METADATA = new Set([
  'ai.telemetry.metadata.userId',
  'ai.telemetry.metadata.sessionId',
  'ai.telemetry.metadata.tags',
  'ai.telemetry.metadata.langfusePrompt',
]);

/** Recorded: neither arrives. */
const LOST_KEYS = new Set(['', '__proto__']);

/** What users gave as one attribute, overlaid with what they gave key by key (facts §11.1). */
function userMetadata(attributes: Attributes, domain: Domain): JsonObject {
  const primary = `langfuse.${domain}.metadata`;
  const prefixes = [`${primary}.`, 'langfuse.metadata.', 'ai.telemetry.metadata.'];
  const dotted = Object.entries(attributes).flatMap(([key, value]): [string, unknown][] => {
    const prefix = prefixes.find((candidate) => key.startsWith(candidate));
    return prefix === undefined || NOT_METADATA.has(key) ? [] : [[key.slice(prefix.length), value]];
  });
  const whole = asMap(attributes[primary] || attributes['langfuse.metadata']);
  return Object.fromEntries([...Object.entries(whole), ...dotted].filter(([key]) => !LOST_KEYS.has(key)));
}

/** Lists keep their indexes as keys, scalars are dropped. */
function asMap(value: unknown): object {
  const parsed = typeof value === 'string' ? parsedJson(value) : value;
  return parsed !== null && typeof parsed === 'object' ? parsed : {};
}
