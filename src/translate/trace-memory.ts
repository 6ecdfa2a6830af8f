import type { Observation, TraceFields, TraceUpdate } from '../model.js';
import { TraceState } from './trace-state.js';

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

  /**
   * @param inherited - what the span has from where it started; its own words win.
   * @param entryName - the name of the span with which the trace entered this process, where that is known.
   */
  update(observation: Observation, inherited: TraceFields = {}, entryName?: string): TraceUpdate {
    const known = this.#traces.get(observation.traceId);
    const state = known ?? new TraceState(observation.startTime);
    this.#remember(observation.traceId, state);

    const changed = state.learn(observation, inherited, entryName);
    const isRoot = observation.position === 'trace' && !state.hasRoot;
    if (isRoot) state.hasRoot = true;
    const mayRepeat = state.partialEvents < MAX_PARTIAL_EVENTS;
    const concernsTrace = isRoot || (mayRepeat && (known === undefined || changed));
    if (concernsTrace && !isRoot) state.partialEvents++;
    return {
      fields: state.fields,
      spanFields: state.fieldsFor(observation, inherited),
      startTime: state.startTime,
      concernsTrace,
      isRoot,
      spokenAtMs: concernsTrace ? state.speak(observation, isRoot) : 0,
    };
  }

  #remember(traceId: string, state: TraceState): void {
    this.#traces.delete(traceId);
    this.#traces.set(traceId, state);
    if (this.#traces.size <= this.#capacity) return;
    const oldest = this.#traces.keys().next();
    if (!oldest.done) this.#traces.delete(oldest.value);
  }
}
