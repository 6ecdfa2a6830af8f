import type { Observation, TraceFields, TraceUpdate } from '../model.js';
import type { HrTime } from '../span.js';

/** What is known of one trace so far, from the spans of it that came by. */
interface TraceState {
  startTime: HrTime;
  /** Given by the application, not taken from a root's name. */
  hasExplicitName: boolean;
  hasRoot: boolean;
  fields: TraceFields;
  partialEvents: number;
}

/** The server merges at most 200 files of a trace (since 3.75.2); we use a tenth, and the root always speaks. */
const MAX_PARTIAL_EVENTS = 20;

/**
 * Remembers, for a bounded number of traces, what their spans said about the trace, so that a later span or the root
 * repeats it instead of overwriting it: on v3 every trace event replaces what it names, and one without `public`
 * un-publishes the trace. The longest unused trace is forgotten first.
 */
export class TraceMemory {
  readonly #traces = new Map<string, TraceState>();
  readonly #capacity: number;

  constructor(capacity = 10_000) {
    this.#capacity = capacity;
  }

  /** @param inherited - what the span has from where it started; its own words win. */
  update(observation: Observation, inherited: TraceFields = {}): TraceUpdate {
    const known = this.#traces.get(observation.traceId);
    const state: TraceState = known ?? {
      startTime: observation.startTime,
      hasExplicitName: false,
      hasRoot: false,
      fields: {},
      partialEvents: 0,
    };
    this.#remember(observation.traceId, state);
    if (isBefore(observation.startTime, state.startTime)) state.startTime = observation.startTime;

    const changed = learn(state, observation, inherited);
    const isRoot = observation.position === 'trace' && !state.hasRoot;
    if (isRoot) state.hasRoot = true;
    const mayRepeat = state.partialEvents < MAX_PARTIAL_EVENTS;
    const concernsTrace = isRoot || (mayRepeat && (known === undefined || changed));
    if (concernsTrace && !isRoot) state.partialEvents++;
    return { fields: state.fields, startTime: state.startTime, concernsTrace, isRoot };
  }

  #remember(traceId: string, state: TraceState): void {
    this.#traces.delete(traceId);
    this.#traces.set(traceId, state);
    if (this.#traces.size <= this.#capacity) return;
    const oldest = this.#traces.keys().next();
    if (!oldest.done) this.#traces.delete(oldest.value);
  }
}

/** Takes what is new; true when anything was. Tags only ever grow, as on the server; `public` is not taken back. */
function learn(state: TraceState, observation: Observation, inherited: TraceFields): boolean {
  const before = state.fields;
  const said = observation.trace;
  const name = nameAfter(state, observation, inherited.name);
  const tags = unionOf(unionOf(before.tags, inherited.tags), said.tags);
  const after: TraceFields = {
    name,
    tags,
    userId: said.userId ?? inherited.userId ?? before.userId,
    sessionId: said.sessionId ?? inherited.sessionId ?? before.sessionId,
    public: before.public === true ? true : (said.public ?? inherited.public ?? before.public),
    version: said.version ?? before.version,
    release: said.release ?? before.release,
    metadata: joined(joined(before.metadata, inherited.metadata), said.metadata),
    input: said.input ?? before.input,
    output: said.output ?? before.output,
  };
  const changed = NEWSWORTHY.some((field) => after[field] !== before[field]);
  if (changed || after.version !== before.version || after.release !== before.release) state.fields = after;
  return changed;
}

/** Version and release alone are not worth an event of their own: they come with each observation. */
const NEWSWORTHY = ['name', 'tags', 'userId', 'sessionId', 'public', 'metadata', 'input', 'output'] as const;

/** A name the application gave wins; else the first root's; else that of the span where the trace enters us. */
function nameAfter(state: TraceState, observation: Observation, inherited: string | undefined): string | undefined {
  const explicit = observation.trace.name ?? inherited;
  if (explicit !== undefined) {
    state.hasExplicitName = true;
    return explicit;
  }
  const known = state.fields.name;
  if (observation.position === 'inner' || state.hasExplicitName || state.hasRoot) return known;
  return observation.position === 'trace' ? observation.name : (known ?? observation.name);
}

/** The same object when nothing is new in `said`. */
function joined(known: TraceFields['metadata'], said: TraceFields['metadata']): TraceFields['metadata'] {
  for (const key in said) if (known?.[key] !== said[key]) return { ...known, ...said };
  return known;
}

function unionOf(
  known: readonly string[] | undefined,
  said: readonly string[] | undefined,
): readonly string[] | undefined {
  if (said === undefined || said.length === 0) return known;
  if (known === undefined) return [...new Set(said)];
  const all = new Set(known);
  for (const tag of said) all.add(tag);
  return all.size === known.length ? known : [...all];
}

function isBefore(a: HrTime, b: HrTime): boolean {
  return a[0] === b[0] ? a[1] < b[1] : a[0] < b[0];
}
