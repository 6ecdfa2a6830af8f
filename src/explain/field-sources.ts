import { toObservation } from '../translate/observation.js';
import { type Fields, fieldsOf } from './observation-fields.js';
import { partsOf, type Source, type SpanPart, withOnly } from './span-parts.js';

export interface FieldSources {
  /** Field → names of the parts of the span it depends on. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Keys of attributes on which no field depends. */
  readonly unused: readonly string[];
}

/**
 * Where each field of an observation comes from, found out by experiment: the span is translated again without each of
 * its parts, and with the part saying something else, and a field that then differs depends on it. A field that stays
 * the same each time may still be said more than once (an operation `chat`, and a model): then its sources are the
 * attributes of which each is enough. So this is what translation does, and not what somebody wrote that it does.
 */
export function fieldSources(source: Source): FieldSources {
  const whole = fieldsIn(source);
  const sources = new Map([...whole.keys()].map((field) => [field, new Set<string>()]));
  const parts = partsOf(source);
  for (const { name, without, altered } of parts) {
    const variants = [fieldsIn(without(source)), fieldsIn(altered(source))];
    for (const [field, value] of whole)
      if (variants.some((variant) => variant.get(field) !== value)) sources.get(field)?.add(name);
  }
  addSufficient(source, whole, sources);
  const used = new Set([...sources.values()].flatMap((names) => [...names]));
  return {
    fields: Object.fromEntries([...sources].map(([field, names]) => [field, [...names]])),
    unused: parts.filter(({ name, isAttribute }: SpanPart) => isAttribute && !used.has(name)).map(({ name }) => name),
  };
}

function addSufficient(source: Source, whole: Fields, sources: ReadonlyMap<string, Set<string>>): void {
  const none = fieldsIn(withOnly(source));
  const open = [...whole].filter(([field, value]) => sources.get(field)?.size === 0 && none.get(field) !== value);
  if (open.length === 0) return;
  for (const key of Object.keys(source.span.attributes)) {
    const alone = fieldsIn(withOnly(source, key));
    for (const [field, value] of open) if (alone.get(field) === value) sources.get(field)?.add(key);
  }
}

function fieldsIn({ span, options }: Source): Fields {
  return fieldsOf(toObservation(span, options));
}
