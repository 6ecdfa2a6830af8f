import type { JsonObject } from '../model.js';
import { isObject } from '../store/field-rules.js';
import { decodedAttributes } from './attribute-values.js';
import { decodedId } from './ids.js';
import { spanTimes } from './times.js';
import type { Attributes } from './values.js';

/** A span with what its resource and scope say: all that the mapping ever looks at. */
export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  /** Text, unless a client got it wrong. */
  readonly name: unknown;
  readonly startTime: string;
  readonly endTime: string;
  readonly status: { readonly code: unknown; readonly message: unknown };
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly resource: Attributes;
  readonly scope: Scope;
}

export interface SpanEvent {
  readonly name: unknown;
  readonly attributes: Attributes;
}

export interface Scope {
  readonly name: unknown;
  readonly version: unknown;
  /** All that the request said about the scope, as it goes into the metadata (facts §1.4). */
  readonly block: JsonObject;
  /** From a Langfuse SDK: its attributes are not copied into the metadata. */
  readonly isLangfuseSdk: boolean;
}

/** The spans of an export in order; throws where the server's worker does. */
export function readSpans(body: unknown): OtlpSpan[] {
  return listOf(body, 'resourceSpans').flatMap((resourceSpan) => {
    const resource = decodedAttributes(
      isObject(resourceSpan['resource']) ? resourceSpan['resource']['attributes'] : undefined,
    );
    return listOf(resourceSpan, 'scopeSpans').flatMap((scopeSpan) => {
      const scope = readScope(scopeSpan['scope']);
      return listOf(scopeSpan, 'spans').map((span) => readSpan(span, resource, scope));
    });
  });
}

function readScope(value: unknown): Scope {
  const scope = isObject(value) ? value : {};
  const { name, version } = scope;
  const isLangfuseSdk = typeof name === 'string' && name.startsWith('langfuse-sdk');
  return { name, version, isLangfuseSdk, block: { ...scope, attributes: decodedAttributes(scope['attributes']) } };
}

function readSpan(span: JsonObject, resource: Attributes, scope: Scope): OtlpSpan {
  const status = isObject(span['status']) ? span['status'] : {};
  return {
    traceId: decodedId(span['traceId']),
    spanId: decodedId(span['spanId']),
    parentSpanId: span['parentSpanId'] ? decodedId(span['parentSpanId']) : null,
    name: span['name'],
    ...spanTimes(span['startTimeUnixNano'], span['endTimeUnixNano']),
    status: { code: status['code'], message: status['message'] },
    attributes: decodedAttributes(span['attributes']),
    events: listOf(span, 'events').map(({ name, attributes }) => ({ name, attributes: decodedAttributes(attributes) })),
    resource,
    scope,
  };
}

function listOf(owner: unknown, key: string): JsonObject[] {
  const list = isObject(owner) ? owner[key] : undefined;
  if (!Array.isArray(list)) return [];
  if (!list.every(isObject)) throw new TypeError(`${key} contains something that is no object`);
  return list;
}
