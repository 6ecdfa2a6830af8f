import { isDeepStrictEqual } from 'node:util';
import type { Observation, Position, TraceFields } from '../model.js';
import type { HrTime } from '../span.js';
import { type Claim, isStronger, joined, MergedMetadata } from './claims.js';
import { isBefore, toMs } from './times.js';

/** Of two who differ, the one nearer to the root is right, in whatever order they come. */
const AUTHORITY: Readonly<{ [position in Position]: number }> = { inner: 1, local: 2, trace: 3 };

/** Fields with one value. Between spans of the same authority the one that began later wins, as on the server. */
const SINGLE = ['name', 'userId', 'sessionId', 'version', 'release', 'input', 'output'] as const;
type Single = (typeof SINGLE)[number];

/** Version and release alone are not worth an event of their own: they come with each observation. */
const SILENT: ReadonlySet<string> = new Set(['version', 'release']);

/**
 * What is known of one trace so far, from the spans of it that came by. The result does not depend on the order in
 * which they come, so that late spans and batches out of order overwrite nothing.
 */
export class TraceState {
  fields: TraceFields = {};
  startTime: HrTime;
  hasRoot = false;
  /** Trace events before the root's. */
  partialEvents = 0;
  readonly #claims: { [field in Single]?: Claim<unknown> } = {};
  /** A name nobody gave: that of the span with which the trace begins, as far as it is known. */
  #entry: Claim<string> | undefined;
  readonly #metadata = new MergedMetadata();
  readonly #shared = new MergedMetadata();
  #spokenAtMs = 0;

  constructor(startTime: HrTime) {
    this.startTime = startTime;
  }

  /** One that may learn without this one knowing of it. */
  copy(): TraceState {
    const copy = new TraceState(this.startTime);
    copy.fields = this.fields;
    copy.hasRoot = this.hasRoot;
    copy.partialEvents = this.partialEvents;
    Object.assign(copy.#claims, this.#claims);
    copy.#entry = this.#entry;
    this.#metadata.copyTo(copy.#metadata);
    this.#shared.copyTo(copy.#shared);
    copy.#spokenAtMs = this.#spokenAtMs;
    return copy;
  }

  /** Takes what is new; true when the trace shows anything else afterwards. Tags only grow; `public` stays. */
  learn(observation: Observation, inherited: TraceFields, entryName: string | undefined): boolean {
    const { startTime, position, trace: said } = observation;
    if (isBefore(startTime, this.startTime)) this.startTime = startTime;
    const authority = AUTHORITY[position];
    let isNews = false;
    let isChanged = false;
    for (const field of SINGLE) {
      const value = said[field] ?? inherited[field];
      if (value === undefined || !this.#claim(field, { value, authority, startTime })) continue;
      isChanged = true;
      isNews ||= !SILENT.has(field);
    }
    this.#nameAfterEntry(observation, entryName);
    const { fields } = this;
    const name = textOf(this.#claims.name) ?? this.#entry?.value;
    const tags = unionOf(unionOf(fields.tags, inherited.tags), said.tags);
    const isPublic = fields.public === true ? true : (said.public ?? inherited.public ?? fields.public);
    const by = { authority, startTime };
    const ofTrace = this.#metadata.add(by, joined(inherited.metadata, said.metadata));
    const metadata = joined(this.#shared.add(by, said.sharedMetadata), ofTrace, fields.metadata);
    isNews ||=
      name !== fields.name || tags !== fields.tags || isPublic !== fields.public || metadata !== fields.metadata;
    if (isChanged || isNews) this.fields = this.#shown({ name, tags, public: isPublic, metadata });
    return isNews;
  }

  /**
   * What a span says itself it keeps, whatever the trace shows. A name that only stands in until the root is known is
   * not put on spans: they cannot be corrected.
   */
  fieldsFor({ trace: said }: Observation, inherited: TraceFields): TraceFields {
    const { fields } = this;
    const isProvisional = this.#claims.name === undefined && this.#entry?.authority === AUTHORITY.inner;
    const name = said.name ?? inherited.name ?? (isProvisional ? undefined : fields.name);
    const userId = said.userId ?? inherited.userId ?? fields.userId;
    const sessionId = said.sessionId ?? inherited.sessionId ?? fields.sessionId;
    const metadata = joined(joined(this.#metadata.value, inherited.metadata), said.metadata);
    const isSame =
      name === fields.name &&
      userId === fields.userId &&
      sessionId === fields.sessionId &&
      metadata === fields.metadata;
    return isSame ? fields : { ...fields, name, userId, sessionId, metadata };
  }

  /** About how much input and output it holds, in UTF-16 units. */
  get contentSize(): number {
    return sizeOf(this.fields.input) + sizeOf(this.fields.output);
  }

  /** Once it was said, the server has it; who said it is remembered. */
  forgetContent(): void {
    if (this.fields.input === undefined && this.fields.output === undefined) return;
    for (const field of ['input', 'output'] as const) {
      const claim = this.#claims[field];
      if (claim !== undefined) this.#claims[field] = { ...claim, value: undefined };
    }
    this.fields = { ...this.fields, input: undefined, output: undefined };
  }

  /**
   * When a trace event is spoken. A root speaks at its end, everything else at its start, so that the root is merged
   * last, however late it is sent; and nobody before those who knew less.
   */
  speak({ startTime, endTime }: Observation, isRoot: boolean): number {
    const start = toMs(startTime);
    const natural = isRoot ? Math.max(toMs(endTime), start + 1) : start;
    this.#spokenAtMs = Math.max(natural, this.#spokenAtMs + 1);
    return this.#spokenAtMs;
  }

  /** True when the value is another one now. */
  #claim(field: Single, claim: Claim<unknown>): boolean {
    const known = this.#claims[field];
    if (!isStronger(claim, known)) return false;
    this.#claims[field] = claim;
    return claim.value !== known?.value && !isDeepStrictEqual(claim.value, known?.value);
  }

  #nameAfterEntry({ position, name, startTime }: Observation, entryName: string | undefined): void {
    const isInside = position === 'inner' && entryName !== undefined;
    const claim = isInside
      ? { value: entryName, authority: AUTHORITY.local, startTime }
      : { value: name, authority: AUTHORITY[position], startTime };
    const known = this.#entry;
    // A trace is called after the span with which it begins, so here the earlier one wins.
    const isNearer = known === undefined || claim.authority > known.authority;
    if (isNearer || (claim.authority === known.authority && isBefore(startTime, known.startTime))) this.#entry = claim;
  }

  #shown({ name, tags, public: isPublic, metadata }: TraceFields): TraceFields {
    const { userId, sessionId, version, release, input, output } = this.#claims;
    return {
      name,
      userId: textOf(userId),
      sessionId: textOf(sessionId),
      version: textOf(version),
      release: textOf(release),
      input: input?.value,
      output: output?.value,
      tags,
      public: isPublic,
      metadata,
    };
  }
}

/** Only input and output may be anything else. */
function textOf(claim: Claim<unknown> | undefined): string | undefined {
  return claim?.value as string | undefined;
}

const STRUCTURE_SIZE = 4096;

function sizeOf(content: unknown): number {
  if (typeof content === 'string') return content.length;
  return typeof content === 'object' && content !== null ? STRUCTURE_SIZE : 0;
}

function unionOf(
  known: readonly string[] | undefined,
  said: readonly string[] | undefined,
): readonly string[] | undefined {
  if (said === undefined || said.length === 0) return known;
  if (known === undefined) return [...new Set(said)];
  // Most spans of a trace say the same.
  if (said.every((tag, place) => known[place] === tag)) return known;
  const all = new Set(known);
  for (const tag of said) all.add(tag);
  return all.size === known.length ? known : [...all];
}
