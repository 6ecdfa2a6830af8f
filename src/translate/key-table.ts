import type { ObservationType } from '../model.js';
import type { Attributes, HrTime, SpanData } from '../span.js';
import { firstNumber, firstText, isPresent, textOf, textsOf } from './attributes.js';
import { type Convention, type Draft, takeInput, takeOutput } from './draft.js';
import { plusSeconds, toHrTime } from './times.js';
import type { RawUsage } from './usage.js';

type Keys = readonly string[];
type Count = Exclude<keyof RawUsage, `is${string}`>;

/**
 * A convention that differs from others in its key names alone: where each field is, in order of preference. The first
 * key with a value wins.
 */
export interface KeyTable {
  readonly name: string;
  /** Keys, or beginnings of keys that end in a dot or a colon. */
  readonly owns: Keys;
  /** Where the kind of span is said, and what its words mean, in lower case. */
  readonly type?: { readonly keys: Keys; readonly kinds: Readonly<Record<string, ObservationType>> };
  readonly input?: Keys;
  readonly output?: Keys;
  readonly model?: Keys;
  /** Parameters of the model by the name they get; a beginning of keys gives each what follows it. */
  readonly parameters?: { readonly [name: string]: string } | string;
  readonly usage?: { readonly [count in Count]?: Keys };
  /** Dollars, in total. */
  readonly cost?: Keys;
  readonly user?: Keys;
  readonly session?: Keys;
  readonly tags?: Keys;
  /** Beginnings of keys whose rest names a metadata entry of the user. */
  readonly metadata?: Keys;
  readonly traceName?: Keys;
  readonly version?: Keys;
  readonly statusMessage?: Keys;
  /** When the first token came: a moment, seconds after the start, milliseconds after the start. */
  readonly firstTokenAt?: Keys;
  readonly firstTokenSeconds?: Keys;
  readonly firstTokenMs?: Keys;
}

export function conventionOf(table: KeyTable): Convention {
  return {
    name: table.name,
    owns: keyTest(table.owns),
    read: (span, draft) => readTable(table, span, draft),
    translates: metadataTest(table),
  };
}

/** Whether a key is in the list, or begins with an entry that ends in a dot or a colon. */
export function keyTest(entries: Keys): (key: string) => boolean {
  const whole = new Set(entries);
  const beginnings = entries.filter((entry) => /[.:]$/.test(entry));
  return (key) => whole.has(key) || beginnings.some((beginning) => key.startsWith(beginning));
}

/** Whether a key of the table becomes an entry of the metadata, or user, session and tags from among these. */
export function metadataTest({ metadata = [] }: KeyTable): (key: string) => boolean {
  return (key) => metadata.some((prefix) => key.startsWith(prefix));
}

export function readTable(table: KeyTable, span: SpanData, draft: Draft): void {
  const { attributes } = span;
  if (table.type) draft.type ??= typeIn(attributes, table.type);
  if (table.input) takeInput(span, draft, ...table.input);
  if (table.output) takeOutput(span, draft, ...table.output);
  if (table.model) draft.model ??= firstText(attributes, ...table.model);
  if (table.parameters !== undefined) readParameters(table.parameters, attributes, draft);
  if (table.usage) readCounts(table.usage, attributes, draft.usage);
  if (table.cost) readCost(table.cost, attributes, draft);
  readTrace(table, attributes, draft);
  if (table.version) draft.version ??= firstText(attributes, ...table.version);
  if (table.statusMessage) draft.statusMessage ??= firstText(attributes, ...table.statusMessage);
  draft.completionStartTime ??= firstTokenIn(table, span);
}

function typeIn(attributes: Attributes, { keys, kinds }: NonNullable<KeyTable['type']>): ObservationType | undefined {
  for (const key of keys) {
    const kind = textOf(attributes[key])?.toLowerCase();
    if (kind !== undefined && Object.hasOwn(kinds, kind)) return kinds[kind];
  }
  return undefined;
}

function readParameters(parameters: NonNullable<KeyTable['parameters']>, attributes: Attributes, draft: Draft): void {
  if (typeof parameters === 'string') {
    for (const key in attributes)
      if (key.startsWith(parameters)) draft.parameters[key.slice(parameters.length)] ??= attributes[key];
    return;
  }
  for (const name in parameters) {
    const value = attributes[parameters[name] ?? ''];
    if (isPresent(value)) draft.parameters[name] ??= value;
  }
}

function readCounts(counts: NonNullable<KeyTable['usage']>, attributes: Attributes, usage: RawUsage): void {
  for (const [count, keys] of Object.entries(counts) as readonly [Count, Keys][])
    usage[count] ??= firstNumber(attributes, ...keys);
}

function readCost(keys: Keys, attributes: Attributes, { cost }: Draft): void {
  const dollars = firstNumber(attributes, ...keys);
  if (dollars !== undefined) cost['total'] ??= dollars;
}

function readTrace(table: KeyTable, attributes: Attributes, draft: Draft): void {
  const { user = [], session = [], tags = [], traceName = [], metadata = [] } = table;
  draft.userId ??= firstText(attributes, ...user);
  draft.sessionId ??= firstText(attributes, ...session);
  draft.traceName ??= firstText(attributes, ...traceName);
  for (const key of tags) draft.tags.push(...(textsOf(attributes[key]) ?? []));
  for (const prefix of metadata) {
    for (const key in attributes) {
      if (!key.startsWith(prefix) || user.includes(key) || session.includes(key) || tags.includes(key)) continue;
      draft.metadata[key.slice(prefix.length)] ??= attributes[key];
    }
  }
}

function firstTokenIn(table: KeyTable, { attributes, startTime }: SpanData): HrTime | undefined {
  const { firstTokenAt = [], firstTokenSeconds = [], firstTokenMs = [] } = table;
  const moment = firstText(attributes, ...firstTokenAt);
  if (moment !== undefined) return toHrTime(moment);
  const seconds = firstNumber(attributes, ...firstTokenSeconds);
  if (seconds) return plusSeconds(startTime, seconds);
  const ms = firstNumber(attributes, ...firstTokenMs);
  return ms ? plusSeconds(startTime, ms / 1000) : undefined;
}
