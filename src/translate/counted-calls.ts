import type { Observation } from '../model.js';
import { BoundedMap } from './bounded-map.js';

/** What is already known of the calls below a span. */
const LLM_COUNTED = 1;
const LLM_CALLED = 2;
const EMBEDDING_COUNTED = 4;
const EMBEDDING_CALLED = 8;

/** Spans that are still open, and answers of the last minutes, of about ten thousand traces. */
const MAX_ENTRIES = 50_000;

export interface CountedCallsOptions {
  /** Model, tokens and cost stay on spans whose children carry them too. */
  readonly usageOnWrappers?: boolean | undefined;
  /** Entries of each of the two memories. */
  readonly capacity?: number | undefined;
}

/**
 * Lets each call count once. Agents, chains and the outer spans of an SDK repeat what the calls inside them took; two
 * instrumentations of one client both record its call. Children leave before their parent, so what was counted is
 * noted for the parent, and passed on by it to its own when its turn comes.
 *
 * Who has no counted call below, or only one within a tool (an agent of its own, whose tokens are not the caller's),
 * keeps what it says: it may be all that is known of a remote agent. Memory is bounded; what was forgotten counts.
 */
export class CountedCalls {
  readonly #below: BoundedMap<string, number>;
  /** The scope that first told of an answer, by the provider's id of it. */
  readonly #answers: BoundedMap<string, string>;
  readonly #keepsWrappers: boolean;

  constructor({ usageOnWrappers = false, capacity = MAX_ENTRIES }: CountedCallsOptions = {}) {
    this.#keepsWrappers = usageOnWrappers;
    this.#below = new BoundedMap(capacity);
    this.#answers = new BoundedMap(capacity);
  }

  /** The observation as it counts: without what is counted elsewhere, which stays visible in its metadata. */
  settle(observation: Observation): Observation {
    const below = this.#take(`${observation.traceId}${observation.id}`);
    const isRepeat = this.#isRecordedTwice(observation);
    this.#noteForParent(observation, below | ownMarks(observation));
    if (isRepeat || this.#isCountedBelow(observation, below)) return withoutCounts(observation);
    return observation;
  }

  #take(key: string): number {
    const marks = this.#below.get(key) ?? 0;
    if (marks !== 0) this.#below.delete(key);
    return marks;
  }

  #noteForParent({ traceId, parentId, type }: Observation, marks: number): void {
    if (marks === 0 || parentId === undefined || type === 'tool') return;
    const key = `${traceId}${parentId}`;
    this.#below.set(key, (this.#below.get(key) ?? 0) | marks);
  }

  /** One instrumentation alone may use an id twice: a test double, an answer that is fetched again. */
  #isRecordedTwice({ traceId, scope, call, usage, cost }: Observation): boolean {
    if (call?.responseId === undefined || (usage === undefined && cost === undefined)) return false;
    const key = `${traceId}${call.responseId}`;
    const first = this.#answers.get(key);
    if (first === undefined) this.#answers.set(key, scope.name);
    return first !== undefined && first !== scope.name;
  }

  #isCountedBelow(observation: Observation, below: number): boolean {
    const { usage, cost, call, type } = observation;
    const isEmbedding = type === 'embedding' || (call?.isWrapper === true && call.isTypeInferred);
    if (usage === undefined && cost === undefined) {
      // A model alone would make the server count the tokens of the text, once more.
      const counted = LLM_COUNTED | (isEmbedding ? EMBEDDING_COUNTED : 0);
      const called = LLM_CALLED | (isEmbedding ? EMBEDDING_CALLED : 0);
      return (below & counted) !== 0 || (call?.isWrapper === true && (below & called) !== 0);
    }
    const onlyInput = usage !== undefined && !Object.keys(usage).some((key) => key.startsWith('output'));
    const counted = LLM_COUNTED | (isEmbedding || onlyInput ? EMBEDDING_COUNTED : 0);
    return !this.#keepsWrappers && (below & counted) !== 0;
  }
}

function ownMarks({ type, model, usage, cost }: Observation): number {
  const isEmbedding = type === 'embedding' || type === 'retriever';
  if (usage !== undefined || cost !== undefined) return isEmbedding ? EMBEDDING_COUNTED : LLM_COUNTED;
  if (model === undefined) return 0;
  return isEmbedding ? EMBEDDING_CALLED : LLM_CALLED;
}

/** What was stated outright for Langfuse is not taken away. */
function withoutCounts(observation: Observation): Observation {
  const { call, model, usage, cost, type, metadata } = observation;
  const keptModel = call?.isModelExplicit ? model : undefined;
  const keptUsage = call?.isUsageExplicit ? usage : undefined;
  const keptCost = call?.isCostExplicit ? cost : undefined;
  const left = { usage: keptUsage ? undefined : usage, cost: keptCost ? undefined : cost };
  return {
    ...observation,
    type: call?.isTypeInferred && keptModel === undefined ? 'span' : type,
    model: keptModel,
    usage: keptUsage,
    cost: keptCost,
    metadata:
      left.usage === undefined && left.cost === undefined
        ? metadata
        : { usage_not_counted: { model, usageDetails: left.usage, costDetails: left.cost }, ...metadata },
  };
}
