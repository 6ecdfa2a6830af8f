import type { Context } from '@opentelemetry/api';
import { toRecord } from './encode/record.js';
import type { Observation, ObservationRecord, PromptLink, Told } from './model.js';
import { type Inherited, Propagation } from './otel/propagation.js';
import { toSpanData } from './otel/span-data.js';
import type { Parentage, SpanData, SpanEventLike, SpanLike } from './span.js';
import { type TranslateOptions, toObservation } from './translate/observation.js';
import { TraceMemory } from './translate/trace-memory.js';
import { withContent } from './with-content.js';

/** The way of a span from what the SDK hands over to a record, with what is remembered of other spans on the way. */
export class Translation {
  readonly #options: TranslateOptions;
  readonly #propagation = new Propagation();
  readonly #memory = new TraceMemory();

  constructor(options: TranslateOptions) {
    this.#options = options;
  }

  /** A span starts: notes what it gets from its context and its parent. */
  noteStart(span: object, parent: Context): void {
    this.#propagation.note(span, parent);
  }

  /**
   * The span in Langfuse's terms.
   *
   * @param parent - the parent it gets, where that is not the one it names itself.
   * @param content - what came for it on the logs signal, read like its own.
   * @throws what a getter of a hostile attribute throws.
   */
  read(span: SpanLike, parent?: Parentage, content: readonly SpanEventLike[] = []): Told {
    const inherited = this.#propagation.of(span);
    const data = withContent(withParent(toSpanData(span), parent), content);
    const observation = toObservation(data, withInherited(this.#options, inherited));
    return { observation: withPrompt(observation, inherited?.prompt), inherited: inherited?.trace };
  }

  /** @throws what a getter of a hostile attribute throws. */
  toRecord({ observation, inherited }: Told): ObservationRecord {
    return toRecord(observation, this.#memory.update(observation, inherited));
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
