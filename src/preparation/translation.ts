import type { Context } from '@opentelemetry/api';
import { toRecord } from '../encode/record.js';
import type { Observation, PromptLink, Told } from '../model.js';
import type { Inherited } from '../otel/inherited.js';
import { type NotedRow, Propagation } from '../otel/propagation.js';
import { toSpanData } from '../otel/span-data.js';
import type { ObservationRecord } from '../record.js';
import type { Mask } from '../redact/mask.js';
import type { Media } from '../redact/media.js';
import { isThenable } from '../runtime/call-safely.js';
import { SideTable } from '../runtime/side-table.js';
import type { Parentage, SpanData, SpanEventLike, SpanLike } from '../span.js';
import { CountedCalls } from '../translate/counted-calls.js';
import { type TranslateOptions, toObservation } from '../translate/observation.js';
import { TraceMemory } from '../translate/trace-memory.js';
import { withContent } from './with-content.js';

export interface TranslationOptions extends TranslateOptions {
  /** Model, tokens and cost stay on spans whose children carry them too. */
  readonly usageOnWrappers?: boolean | undefined;
  readonly trustInboundBaggage?: boolean | undefined;
}

export interface TranslationParts {
  readonly options: TranslationOptions;
  readonly mask?: Mask | undefined;
  /** Takes out files that are uploaded; without it they stay where they stand. */
  readonly media?: Media | undefined;
  /** Shared with others who keep something beside spans. */
  readonly table?: SideTable<NotedRow> | undefined;
}

/** The way of a span from what the SDK hands over to a record, with what is remembered of other spans on the way. */
export class Translation {
  readonly #parts: TranslationParts;
  readonly #propagation: Propagation;
  readonly #memory = new TraceMemory();
  readonly #calls: CountedCalls;
  readonly #settle = (observation: Observation): Observation => this.#calls.settle(observation);
  /** What spans told whose mask has not answered: a span is read once, because what it counts is noted then. */
  readonly #unmasked = new WeakMap<SpanLike, Told>();

  constructor(parts: TranslationParts) {
    this.#parts = parts;
    this.#calls = new CountedCalls(parts.options);
    const { options, table = new SideTable<NotedRow>(() => ({})) } = parts;
    this.#propagation = new Propagation(options.trustInboundBaggage ?? false, table);
  }

  /** A span starts: notes what it gets from its context and its parent. */
  noteStart(span: object, parent: Context): void {
    this.#propagation.note(span, parent);
  }

  /**
   * The span in Langfuse's terms, masked. A promise, which never rejects, only if the mask is asynchronous.
   *
   * @param parent - the parent it gets, where that is not the one it names itself.
   * @param content - what came for it on the logs signal, read like its own.
   * @throws what a getter of a hostile attribute throws.
   */
  read(span: SpanLike, parent?: Parentage, content: readonly SpanEventLike[] = []): Told | Promise<Told> {
    const told = this.#told(span, parent, content);
    if (this.#parts.mask === undefined) return told;
    const masked = this.#parts.mask.apply(told);
    if (isThenable(masked)) this.#unmasked.set(span, told);
    return masked;
  }

  /** @throws what a getter of a hostile attribute throws. */
  toRecord(told: Told): ObservationRecord {
    const observation = this.#parts.media?.replace(told.observation) ?? told.observation;
    return toRecord(observation, this.#memory.update(observation, told.inherited, told.entryName));
  }

  /**
   * Both steps at once, for when nothing can be waited for: what an asynchronous mask would have to see is withheld,
   * and files stay where they stand. Of a span that was read before nothing is read again.
   *
   * @throws what a getter of a hostile attribute throws.
   */
  toRecordNow(span: SpanLike, parent?: Parentage, content: readonly SpanEventLike[] = []): ObservationRecord {
    const told = this.#unmasked.get(span) ?? this.#told(span, parent, content);
    const { observation, inherited, entryName } = this.#parts.mask?.applyNow(told) ?? told;
    return toRecord(observation, this.#memory.update(observation, inherited, entryName));
  }

  /**
   * What a span that waits for its mask is by now, the rest withheld: a record for the case that the process dies before
   * the answer. What `read` returned is `told`. Nothing is noted, and files stay where they stand.
   */
  soFar(span: SpanLike, told: Told | Promise<Told>): ObservationRecord {
    if (!isThenable(told)) return this.#toInterim(told);
    const unmasked = this.#unmasked.get(span);
    const masked = unmasked && this.#parts.mask?.soFar(unmasked);
    if (masked === undefined) throw new Error('the span does not wait for its mask');
    return this.#toInterim(masked);
  }

  /** The same of a span that was not read yet, because it waits for content; `content` is what has come. */
  preview(span: SpanLike, parent: Parentage | undefined, content: readonly SpanEventLike[]): ObservationRecord {
    const told = this.#told(span, parent, content, (observation) => this.#calls.preview(observation));
    return this.#toInterim(this.#parts.mask?.preview(told) ?? told);
  }

  #toInterim({ observation, inherited, entryName }: Told): ObservationRecord {
    return toRecord(observation, this.#memory.preview(observation, inherited, entryName));
  }

  #told(
    span: SpanLike,
    parent: Parentage | undefined,
    content: readonly SpanEventLike[],
    settle: (observation: Observation) => Observation = this.#settle,
  ): Told {
    const inherited = this.#propagation.of(span);
    const data = withContent(withParent(toSpanData(span), parent), content);
    const said = settle(toObservation(data, withInherited(this.#parts.options, inherited)));
    const observation = withExperiment(withPrompt(said, inherited?.prompt), inherited?.experiment);
    return { observation, inherited: inherited?.trace, entryName: inherited?.entryName };
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
