import type { Attributes, SpanData } from '../span.js';
import type { TranslateOptions } from '../translate/observation.js';

/** All that an observation is made of. */
export interface Source {
  readonly span: SpanData;
  readonly options: TranslateOptions;
}

/** A piece of a source that can be taken away, or said differently. */
export interface SpanPart {
  /** An attribute's key as it is; for the rest a word for where it is in front: `event:exception`, `span:name`. */
  readonly name: string;
  readonly isAttribute: boolean;
  readonly without: (source: Source) => Source;
  readonly altered: (source: Source) => Source;
}

/** Everything a span's translation could depend on. */
export function partsOf({ span, options }: Source): readonly SpanPart[] {
  return [
    ...Object.keys(span.attributes).map((key) => attributePart(key)),
    ...span.events.map((_, position) => eventPart(span, position)),
    part('span:name', (name) => ({ name }), 'unnamed', `${span.name}·`),
    part('span:parent', (parentSpanId) => ({ parentSpanId }), undefined, '000000000000000a'),
    part('span:status', (status) => ({ status }), { code: 0 }, { code: 1, message: `${span.status.message}·` }),
    part('scope:name', (scope) => ({ scope }), { name: '' }, { ...span.scope, name: `${span.scope.name}·` }),
    ...Object.keys(span.resource.attributes).map((key) => resourcePart(key)),
    ...(['environment', 'release', 'version'] as const).filter((name) => options[name] !== undefined).map(optionPart),
  ];
}

/** The source with no attribute but this one; with none at all when no key is given. */
export function withOnly(source: Source, key?: string): Source {
  const attributes = key === undefined ? {} : { [key]: source.span.attributes[key] };
  return { ...source, span: { ...source.span, attributes } };
}

function part<T>(name: string, change: (value: T) => Partial<SpanData>, neutral: T, other: T): SpanPart {
  const to =
    (value: T) =>
    (source: Source): Source => ({ ...source, span: { ...source.span, ...change(value) } });
  return { name, isAttribute: false, without: to(neutral), altered: to(other) };
}

function attributePart(key: string): SpanPart {
  const to = (change: (attributes: Attributes) => Attributes) => (source: Source) => ({
    ...source,
    span: { ...source.span, attributes: change(source.span.attributes) },
  });
  return {
    name: key,
    isAttribute: true,
    without: to((attributes) => without(attributes, key)),
    altered: to((attributes) => ({ ...attributes, [key]: alteredValue(attributes[key]) })),
  };
}

function eventPart(span: SpanData, position: number): SpanPart {
  const name = span.events[position]?.name ?? '';
  const to = (events: (given: SpanData['events']) => SpanData['events']) => (source: Source) => ({
    ...source,
    span: { ...source.span, events: events(source.span.events) },
  });
  return {
    name: `event:${name}`,
    isAttribute: false,
    without: to((events) => events.filter((_, place) => place !== position)),
    altered: to((events) =>
      events.map((event, place) =>
        place === position ? { ...event, attributes: alteredValues(event.attributes) } : event,
      ),
    ),
  };
}

function resourcePart(key: string): SpanPart {
  const to = (change: (attributes: Attributes) => Attributes) => (source: Source) => ({
    ...source,
    span: { ...source.span, resource: { attributes: change(source.span.resource.attributes) } },
  });
  return {
    name: `resource:${key}`,
    isAttribute: false,
    without: to((attributes) => without(attributes, key)),
    altered: to((attributes) => ({ ...attributes, [key]: alteredValue(attributes[key]) })),
  };
}

function optionPart(name: 'environment' | 'release' | 'version'): SpanPart {
  const to = (value: string | undefined) => (source: Source) => ({
    ...source,
    options: { ...source.options, [name]: value },
  });
  return { name: `option:${name}`, isAttribute: false, without: to(undefined), altered: to('other') };
}

function without(attributes: Attributes, key: string): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([other]) => other !== key));
}

/** Deeper values are left as they are. */
const MAX_DEPTH = 32;

/** A value of the same kind that says something else: JSON text stays JSON text, a number in a text a number. */
function alteredValue(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) return value;
  if (typeof value === 'string') return alteredText(value, depth);
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (Array.isArray(value)) return value.map((item) => alteredValue(item, depth + 1));
  return typeof value === 'object' && value !== null ? alteredValues(value as Attributes, depth) : value;
}

function alteredValues(values: Attributes, depth = 0): Attributes {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, alteredValue(value, depth + 1)]));
}

function alteredText(text: string, depth: number): string {
  if (text.trim() !== '' && Number.isFinite(Number(text))) return String(Number(text) + 1);
  if (!/^\s*[[{]/.test(text)) return `${text}x`;
  try {
    return JSON.stringify(alteredValue(JSON.parse(text), depth + 1));
  } catch {
    return `${text}x`;
  }
}
