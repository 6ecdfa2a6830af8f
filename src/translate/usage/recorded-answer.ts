import type { Attributes } from '../../span.js';
import { isObject, numberOf, type PlainObject, parsed, textOf } from '../attributes.js';
import { isAnthropics } from './explicit-usage.js';
import type { RawUsage } from './raw-usage.js';
import { leavesOf, merged, readCounts } from './read-counts.js';

/** Where instrumentations keep the answer as the provider gave it. */
const ANSWERS = [
  'output.value',
  'genkit:output',
  'gcp.vertex.agent.llm_response',
  'gen_ai.completion',
  'response_data',
  'lmnr.span.output',
  'langwatch.output',
  'mlflow.spanOutputs',
  'output',
] as const;

/** Longer answers hold media; to parse them would cost more than their counts are worth. */
const MAX_LENGTH = 1_000_000;
const MAX_OBJECTS = 2000;
const USAGE_NAMES = ['usage', 'usage_metadata', 'usageMetadata', 'tokenUsage', 'token_usage'] as const;

/** What a recorded answer says of the tokens it took. */
export interface AnswerFacts {
  readonly usage: RawUsage;
  /** The provider's id of the answer, by which a second recording of the same call is told. */
  readonly id: string | undefined;
  /** Dollars, where the provider charges by itself (OpenRouter). */
  readonly cost: number | undefined;
}

/**
 * Finds the usage in an answer that is recorded whole: it has what an instrumentation did not read out, such as cached
 * tokens. Several accounts in one answer (LangChain) complete each other.
 *
 * @param known - what the attributes say; an account that contradicts it is of another call (a chat history).
 */
export function answerFacts(attributes: Attributes, known: RawUsage): AnswerFacts {
  let usage = known;
  let id: string | undefined;
  let cost: number | undefined;
  for (const key of ANSWERS) {
    const answer = structureOf(attributes[key]);
    if (answer === undefined) continue;
    for (const { counts, stated, holder } of accountsIn(answer)) {
      const all = merged(usage, counts);
      if (all === usage) continue;
      usage = all;
      id ??= textOf(holder['id']) ?? textOf(holder['responseId']);
      cost ??= numberOf(stated['cost']);
    }
  }
  return { usage, id, cost };
}

function structureOf(value: unknown): unknown {
  if (typeof value !== 'string') return isObject(value) || Array.isArray(value) ? value : undefined;
  const mayCount = value.length <= MAX_LENGTH && value.includes('oken') && /^\s*[[{]/.test(value);
  return mayCount ? parsed(value) : undefined;
}

interface Account {
  readonly counts: RawUsage;
  /** The object that says so, and the one that has it. */
  readonly stated: PlainObject;
  readonly holder: PlainObject;
}

/** What is said of the whole answer comes before what is said of its parts. */
function accountsIn(answer: unknown): readonly Account[] {
  const accounts = objectsIn(answer).flatMap((holder) =>
    USAGE_NAMES.flatMap((name) => accountOf(holder[name], holder)),
  );
  // Llama on Bedrock: the counts are beside the text.
  return accounts.length > 0 || !isObject(answer) ? accounts : accountOf(answer, answer);
}

/** Breadth first. */
function objectsIn(answer: unknown): readonly PlainObject[] {
  const found: PlainObject[] = [];
  const waiting: unknown[] = [answer];
  for (let next = 0; next < waiting.length && next < MAX_OBJECTS; next++) {
    const value = waiting[next];
    if (isObject(value)) found.push(value);
    const inner = Array.isArray(value) ? value.slice(0, MAX_OBJECTS) : isObject(value) ? Object.values(value) : [];
    for (const part of inner) if (typeof part === 'object' && part !== null) waiting.push(part);
  }
  return found;
}

/** Only what is called tokens: an answer may be JSON of a model, about the input and output of anything. */
function accountOf(stated: unknown, holder: PlainObject): readonly Account[] {
  if (!isObject(stated)) return [];
  const counts = readCounts(leavesOf(stated).filter(([key]) => /token/i.test(key)));
  // An embedding has no output, but a total.
  if (counts.input === undefined || (counts.output === undefined && counts.total === undefined)) return [];
  if (isAnthropics(stated)) counts.isInputExclusive = true;
  return [{ counts, stated, holder }];
}
