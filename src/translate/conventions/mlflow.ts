import type { ObservationType } from '../../model.js';
import { parsed, textOf } from '../attributes.js';
import { type Convention, takeInput, takeOutput } from '../draft.js';

/** MLflow, which only Python emits: every value is JSON text, a word in quotes of its own. https://mlflow.org/docs/latest/genai/tracing/ */
export const mlflow: Convention = {
  name: 'mlflow',
  owns: (key) => key.startsWith('mlflow.'),
  read(span, draft) {
    const word = (key: string): string | undefined => textOf(parsed(span.attributes[key]) ?? span.attributes[key]);
    draft.type ??= TYPES.get(word('mlflow.spanType') ?? '');
    takeInput(span, draft, 'mlflow.spanInputs');
    takeOutput(span, draft, 'mlflow.spanOutputs');
    draft.model ??= word('mlflow.llm.model');
    const tools = parsed(span.attributes['mlflow.chat.tools']);
    if (Array.isArray(tools) && tools.length > 0) draft.tools ??= tools;
    draft.userId ??= word('mlflow.trace.user');
    draft.sessionId ??= word('mlflow.trace.session');
  },
};

const TYPES: ReadonlyMap<string, ObservationType> = new Map([
  ['LLM', 'generation'],
  ['CHAT_MODEL', 'generation'],
  ['AGENT', 'agent'],
  ['TOOL', 'tool'],
  ['CHAIN', 'chain'],
  ['WORKFLOW', 'chain'],
  ['RETRIEVER', 'retriever'],
  ['RERANKER', 'retriever'],
  ['EMBEDDING', 'embedding'],
  ['EVALUATOR', 'evaluator'],
  ['GUARDRAIL', 'guardrail'],
]);
