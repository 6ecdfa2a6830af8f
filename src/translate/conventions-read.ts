import type { SpanData } from '../span.js';
import { CONVENTIONS } from './conventions/index.js';
import { withDetails } from './details.js';
import { type Draft, newDraft } from './draft.js';
import { keyInfo, scopeConventions } from './key-info.js';

/** A bit for each convention that is asked about a span: those that own its tracer, an attribute or an event of it. */
export function conventionsAsked({ scope, attributes, events }: SpanData): number {
  let asked = scopeConventions(scope.name);
  for (const key in attributes) asked |= keyInfo(key).conventions;
  // Content may be in span events alone.
  for (const { name } of events) asked |= keyInfo(name).conventions;
  return asked;
}

/** The conventions in which something is said on the span, in order of precedence; for people, not for the hot path. */
export function conventionsRead(given: SpanData): readonly string[] {
  const span = withDetails(given);
  const asked = conventionsAsked(span);
  return CONVENTIONS.filter(({ read }, place) => {
    if ((asked & (1 << place)) === 0) return false;
    const draft = newDraft();
    read(span, draft);
    return saysAnything(draft);
  }).map(({ name }) => name);
}

function saysAnything(draft: Draft): boolean {
  return Object.values(draft).some((value: unknown) => {
    if (value instanceof Set) return value.size > 0;
    if (typeof value !== 'object' || value === null) return value !== undefined;
    return Object.values(value).some((inner) => inner !== undefined);
  });
}
