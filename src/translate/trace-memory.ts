import type { Observation, TraceFields, TraceUpdate } from '../model.js';
import { BoundedMap } from './bounded-map.js';
import { TraceState } from './trace-state.js';

/** The server merges at most 200 files of a trace (since 3.75.2); we use a tenth, and the root always speaks. */
const MAX_PARTIAL_EVENTS = 20;

/** Content that was given to traces, in UTF-16 units, of all traces together. */
const MAX_CONTENT = 8_000_000;

/**
 * Remembers, for a bounded number of traces, what their spans said about the trace, so that a later span or the root
 * repeats it instead of overwriting it: on v3 every trace event replaces what it names, and one without `public`
 * un-publishes the trace. The longest unused trace is forgotten first.
 */
export class TraceMemory {
  readonly #traces: BoundedMap<string, TraceState>;
  readonly #maxContent: number;
  #content = 0;

  constructor(capacity = 10_000, maxContent: number = MAX_CONTENT) {
    this.#traces = new BoundedMap(capacity);
    this.#maxContent = maxContent;
  }

  /**
   * @param inherited - what the span has from where it started; its own words win.
   * @param entryName - the name of the span with which the trace entered this process, where that is known.
   */
  update(observation: Observation, inherited: TraceFields = {}, entryName?: string): TraceUpdate {
    const known = this.#traces.get(observation.traceId);
    const state = known ?? this.#begin(observation);

    const contentBefore = state.contentSize;
    const update = tell(state, known === undefined, observation, inherited, entryName);
    this.#content += state.contentSize - contentBefore;
    if (this.#content > this.#maxContent) this.#forgetContent();
    return update;
  }

  /** The same for a span whose turn is still to come: nothing of it is remembered. */
  preview(observation: Observation, inherited: TraceFields = {}, entryName?: string): TraceUpdate {
    const known = this.#traces.get(observation.traceId);
    const state = known?.copy() ?? new TraceState(observation.startTime);
    return tell(state, known === undefined, observation, inherited, entryName);
  }

  #begin({ traceId, startTime }: Observation): TraceState {
    const state = new TraceState(startTime);
    this.#content -= this.#traces.set(traceId, state)?.contentSize ?? 0;
    return state;
  }

  /** Of the traces longest unused first. They stay known; what they show on the server stays as well. */
  #forgetContent(): void {
    for (const state of this.#traces.values()) {
      if (this.#content <= this.#maxContent / 2) return;
      this.#content -= state.contentSize;
      state.forgetContent();
    }
  }
}

function tell(
  state: TraceState,
  isNew: boolean,
  observation: Observation,
  inherited: TraceFields,
  entryName: string | undefined,
): TraceUpdate {
  const changed = state.learn(observation, inherited, entryName);
  const { fields } = state;
  const hadRoot = state.hasRoot;
  const isRoot = observation.position === 'trace' && !hadRoot;
  if (isRoot) {
    state.hasRoot = true;
    state.forgetContent();
  }
  const mayRepeat = state.partialEvents < MAX_PARTIAL_EVENTS;
  const concernsTrace = isRoot || (mayRepeat && (isNew || changed));
  if (concernsTrace && !isRoot) state.partialEvents++;
  return {
    fields,
    spanFields: state.fieldsFor(observation, inherited),
    startTime: state.startTime,
    concernsTrace,
    isRoot,
    lendsContent: isRoot || (observation.position === 'local' && !hadRoot),
    spokenAtMs: concernsTrace ? state.speak(observation, isRoot) : 0,
  };
}
