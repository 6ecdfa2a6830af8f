import type { Observation } from '../model.js';
import { BoundedMap } from './bounded-map.js';

/** What is already known of the calls below a span. */
const LLM_COUNTED = 1;
const LLM_CALLED = 2;
const EMBEDDING_COUNTED = 4;
const EMBEDDING_CALLED = 8;

/** What has been counted below a span. */
interface Below {
  readonly marks: number;
  readonly tokens: number;
  readonly models: readonly string[];
}

const NOTHING: Below = { marks: 0, tokens: 0, models: [] };
/** More models below one span tell no more. */
const MAX_MODELS = 8;

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
 * keeps what it says: it may be all that is known of a remote agent. So does a call of another model that took more
 * than all below it: it is one of its own, in which something else was asked. Memory is bounded; what was forgotten
 * counts.
 */
export class CountedCalls {
  readonly #below: BoundedMap<string, Below>;
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
    const counts = !this.#isRecordedTwice(observation, true) && this.#countsBeside(observation, below);
    this.#noteForParent(observation, counts ? withOwn(below, observation) : below);
    return counts ? observation : withoutCounts(observation);
  }

  /** The same by what is known now, for a span whose turn is still to come: nothing is noted. */
  preview(observation: Observation): Observation {
    const below = this.#below.get(`${observation.traceId}${observation.id}`) ?? NOTHING;
    const counts = !this.#isRecordedTwice(observation, false) && this.#countsBeside(observation, below);
    return counts ? observation : withoutCounts(observation);
  }

  #countsBeside(observation: Observation, below: Below): boolean {
    return !this.#isCountedBelow(observation, below.marks) || isOwnCall(observation, below);
  }

  #take(key: string): Below {
    const below = this.#below.get(key);
    if (below === undefined) return NOTHING;
    this.#below.delete(key);
    return below;
  }

  #noteForParent(observation: Observation, { marks, tokens, models }: Below): void {
    const { traceId, parentId, type } = observation;
    const all = marks | ownMarks(observation);
    if (all === 0 || parentId === undefined || type === 'tool') return;
    const key = `${traceId}${parentId}`;
    const known = this.#below.get(key) ?? NOTHING;
    this.#below.set(key, {
      marks: known.marks | all,
      tokens: known.tokens + tokens,
      models: joined(known.models, models),
    });
  }

  /** One instrumentation alone may use an id twice: a test double, an answer that is fetched again. */
  #isRecordedTwice({ traceId, scope, call, usage, cost }: Observation, notes: boolean): boolean {
    if (call?.responseId === undefined || (usage === undefined && cost === undefined)) return false;
    const key = `${traceId}${call.responseId}`;
    const first = this.#answers.get(key);
    if (first === undefined && notes) this.#answers.set(key, scope.name);
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

function withOwn({ marks, tokens, models }: Below, { usage, model }: Observation): Below {
  if (usage === undefined) return { marks, tokens, models };
  return { marks, tokens: tokens + totalOf(usage), models: model === undefined ? models : joined(models, [model]) };
}

function joined(some: readonly string[], others: readonly string[]): readonly string[] {
  if (others.length === 0 || some === others) return some;
  return some.length === 0 ? others : [...new Set([...some, ...others])].slice(0, MAX_MODELS);
}

/** A call in which another one was made, by a guard or to choose a model: nobody below counted it. */
function isOwnCall({ usage, model, type, call }: Observation, below: Below): boolean {
  if (usage === undefined || model === undefined || (type !== 'generation' && type !== 'embedding')) return false;
  if (call === undefined || call.isWrapper || call.isTypeInferred || below.models.length === 0) return false;
  return totalOf(usage) > below.tokens && !below.models.some((other) => isSameModel(model, other));
}

/** A provider answers with the model it took for the one asked for: `openai/gpt-4o`, `gpt-4o-2024-08-06`. */
function isSameModel(one: string, other: string): boolean {
  const [a, b] = [one, other].map((name) => name.slice(name.lastIndexOf('/') + 1).toLowerCase());
  return a !== undefined && b !== undefined && (a.startsWith(b) || b.startsWith(a));
}

function totalOf(usage: NonNullable<Observation['usage']>): number {
  if (usage['total'] !== undefined) return usage['total'];
  let total = 0;
  for (const key in usage) total += usage[key] ?? 0;
  return total;
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
