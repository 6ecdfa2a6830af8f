import type { Context } from '@opentelemetry/api';
import { toRecord } from './encode/record.js';
import type { Observation, ObservationRecord, PromptLink } from './model.js';
import type { Inherited } from './otel/inherited.js';
import { Propagation } from './otel/propagation.js';
import { toSpanData } from './otel/span-data.js';
import type { Parentage, SpanData, SpanLike } from './span.js';
import { CountedCalls } from './translate/counted-calls.js';
import { type TranslateOptions, toObservation } from './translate/observation.js';
import { TraceMemory } from './translate/trace-memory.js';

export interface TranslationOptions extends TranslateOptions {
  /** Model, tokens and cost stay on spans whose children carry them too. */
  readonly usageOnWrappers?: boolean | undefined;
  readonly trustInboundBaggage?: boolean | undefined;
}

/** The way of a span from what the SDK hands over to a record, with what is remembered of other spans on the way. */
export class Translation {
  readonly #options: TranslateOptions;
  readonly #propagation: Propagation;
  readonly #memory = new TraceMemory();
  readonly #calls: CountedCalls;

  constructor(options: TranslationOptions) {
    this.#options = options;
    this.#calls = new CountedCalls(options);
    this.#propagation = new Propagation(options.trustInboundBaggage ?? false);
  }

  /** A span starts: notes what it gets from its context and its parent. */
  noteStart(span: object, parent: Context): void {
    this.#propagation.note(span, parent);
  }

  /**
   * @param parent - the parent it gets, where that is not the one it names itself.
   * @throws what a getter of a hostile attribute throws.
   */
  toRecord(span: SpanLike, parent?: Parentage): ObservationRecord {
    const inherited = this.#propagation.of(span);
    const data = withParent(toSpanData(span), parent);
    const said = this.#calls.settle(toObservation(data, withInherited(this.#options, inherited)));
    const observation = withExperiment(withPrompt(said, inherited?.prompt), inherited?.experiment);
    return toRecord(observation, this.#memory.update(observation, inherited?.trace, inherited?.entryName));
  }
}

function withParent(span: SpanData, parent: Parentage | undefined): SpanData {
  if (parent === undefined || parent.spanId === span.parentSpanId) return span;
  return { ...span, parentSpanId: parent.spanId, parentIsRemote: parent.isRemote };
}

function withInherited(options: TranslateOptions, inherited: Inherited | undefined): TranslateOptions {
  if (inherited?.environment === undefined && inherited?.version === undefined) return options;
  return {
    ...options,
    environment: inherited.environment ?? options.environment,
    version: inherited.version ?? options.version,
  };
}

/** Only generations have prompts. */
function withPrompt(observation: Observation, prompt: PromptLink | undefined): Observation {
  if (prompt === undefined || observation.prompt !== undefined || observation.type !== 'generation') return observation;
  return { ...observation, prompt };
}

function withExperiment(observation: Observation, experiment: Inherited['experiment']): Observation {
  if (experiment === undefined) return observation;
  return { ...observation, experiment: { ...experiment, ...observation.experiment } };
}
