import type { Profile } from './profiles.js';
import { isObject } from './store/field-rules.js';

/** The spans of an export in order, whatever state they are in. */
function spansOf(body: unknown): unknown[] {
  return listOf(body, 'resourceSpans')
    .flatMap((resourceSpan) => listOf(resourceSpan, 'scopeSpans'))
    .flatMap((scopeSpan) => listOf(scopeSpan, 'spans'));
}

export function spanIdsOf(body: unknown): string[] {
  return spansOf(body).flatMap((span) =>
    isObject(span) && typeof span['spanId'] === 'string' ? [span['spanId']] : [],
  );
}

/** Accepted with 200, and then the worker stumbles over it: every span of the request is lost. */
export function breaksWorker(body: unknown, profile: Profile): boolean {
  const owners = listOf(body, 'resourceSpans').flatMap((resourceSpan) => [
    fieldOf(resourceSpan, 'resource'),
    ...listOf(resourceSpan, 'scopeSpans').map((scopeSpan) => fieldOf(scopeSpan, 'scope')),
  ]);
  const spans = spansOf(body);
  const events = spans.flatMap((span) => listOf(span, 'events'));
  if (profile.needsWholeTimes && spans.some((span) => !hasWholeTimes(span))) return true;
  return (
    events.includes(null) ||
    [...owners, ...spans, ...events].some((owner) => listOf(owner, 'attributes').some(isBroken))
  );
}

function isBroken(attribute: unknown): boolean {
  if (!isObject(attribute)) return true;
  const value = attribute['value'];
  if (value === undefined || value === null) return true;
  return listOf(fieldOf(value, 'arrayValue'), 'values').includes(null);
}

function hasWholeTimes(span: unknown): boolean {
  const times = [fieldOf(span, 'startTimeUnixNano'), fieldOf(span, 'endTimeUnixNano')];
  return times.every((time) => (typeof time === 'string' ? /^-?\d+$/.test(time) : time !== undefined && time !== null));
}

function listOf(owner: unknown, key: string): unknown[] {
  const list = fieldOf(owner, key);
  return Array.isArray(list) ? list : [];
}

function fieldOf(owner: unknown, key: string): unknown {
  return isObject(owner) ? owner[key] : undefined;
}
