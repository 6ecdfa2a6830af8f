import type { Told } from '../model.js';
import type { Attributes } from '../span.js';
import { type ToJson, textFor } from './masked-answer.js';
import type { Copy } from './places.js';

/** Stands for an identifier that the mask left out. */
const HIDDEN = '[masked]';

/**
 * What a mask took from an identifier is nowhere else either: attributes and metadata show the user, the session, the
 * tags once more, under the names that libraries have for them. Content is another question, and another mask's.
 */
export function hideAliases(given: Told, masked: Copy<Told>, toJson: ToJson): void {
  const hidden = hiddenIn(given, masked);
  if (hidden.size === 0) return;
  const bag = (values: Attributes): Attributes => withoutAliases(values, hidden, toJson);
  const { observation, inherited } = masked;
  const { trace, experiment } = observation;
  masked.observation = {
    ...observation,
    metadata: bag(observation.metadata),
    attributes: bag(observation.attributes),
    events: observation.events.map((event) => ({ ...event, attributes: bag(event.attributes) })),
    links: observation.links.map((link) => ({ ...link, attributes: bag(link.attributes) })),
    experiment: experiment && bag(experiment),
    trace: {
      ...trace,
      metadata: trace.metadata && bag(trace.metadata),
      sharedMetadata: trace.sharedMetadata && bag(trace.sharedMetadata),
    },
  };
  if (inherited?.metadata) masked.inherited = { ...inherited, metadata: bag(inherited.metadata) };
}

/** Each identifier that is another one now, with what it is. */
function hiddenIn(given: Told, masked: Told): ReadonlyMap<string, string> {
  const hidden = new Map<string, string>();
  const compare = (before: Identifiers, after: Identifiers): void => {
    // A tag that was left out leaves no gap: then nobody knows what became of which.
    const isInOrder = before.length === after.length;
    before.forEach((text, place) => {
      const now = (isInOrder ? after[place] : undefined) ?? HIDDEN;
      const isKept = isInOrder ? text === now : after.includes(text);
      if (text !== undefined && text !== '' && !isKept) hidden.set(text, now);
    });
  };
  compare(identifiersOf(given), identifiersOf(masked));
  compare(given.observation.trace.tags ?? [], masked.observation.trace.tags ?? []);
  return hidden;
}

type Identifiers = readonly (string | undefined)[];

function identifiersOf({ observation, inherited }: Told): Identifiers {
  const { name, model, trace } = observation;
  return [name, model, trace.name, trace.userId, trace.sessionId, inherited?.userId, inherited?.sessionId];
}

function withoutAliases(values: Attributes, hidden: ReadonlyMap<string, string>, toJson: ToJson): Attributes {
  let copy: { [key: string]: unknown } | undefined;
  for (const key in values) {
    const shown = withoutAlias(values[key], hidden, toJson);
    if (shown === values[key]) continue;
    copy ??= { ...values };
    copy[key] = shown;
  }
  return copy ?? values;
}

function withoutAlias(value: unknown, hidden: ReadonlyMap<string, string>, toJson: ToJson): unknown {
  const text = textOf(value, toJson);
  if (text === undefined) return value;
  const whole = hidden.get(text);
  if (whole !== undefined) return whole;
  let shown = text;
  for (const [alias, now] of hidden) shown = shown.replaceAll(JSON.stringify(alias), JSON.stringify(now));
  if (shown === text) return value;
  return typeof value === 'object' ? JSON.parse(shown) : shown;
}

/** What cannot be written is not sent. */
function textOf(value: unknown, toJson: ToJson): string | undefined {
  try {
    return textFor(value, toJson);
  } catch {
    return undefined;
  }
}
