import type { SpanData } from '../span.js';
import { CONVENTIONS } from './conventions/index.js';
import { withDetails } from './details.js';
import { type Draft, newDraft } from './draft.js';
import { askedOf } from './key-info.js';

/** The conventions in which something is said on the span, in order of precedence; for people, not for the hot path. */
export function conventionsRead(given: SpanData): readonly string[] {
  const span = withDetails(given);
  const asked = askedOf(span).conventions;
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
