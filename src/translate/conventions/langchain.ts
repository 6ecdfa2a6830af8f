import { firstText, objectOf } from '../attributes.js';
import type { Convention } from '../draft.js';

/**
 * LangChain and LangGraph through OpenInference: what a run was configured with (`metadata`, `configurable`) arrives as
 * one JSON text, with user and thread among it. LangGraph's thread is Langfuse's session.
 */
export const langChain: Convention = {
  name: 'langchain',
  owns: (key) => key === 'metadata',
  read({ attributes }, draft) {
    const run = objectOf(attributes['metadata']);
    if (run === undefined || !Object.keys(run).some(isOfLangChain)) return;
    draft.userId ??= firstText(run, 'langfuse_user_id', 'user_id', 'userId');
    draft.sessionId ??= firstText(run, 'langfuse_session_id', 'session_id', 'sessionId', 'thread_id');
  },
};

function isOfLangChain(key: string): boolean {
  return key === 'thread_id' || key.startsWith('ls_') || key.startsWith('langgraph_');
}
