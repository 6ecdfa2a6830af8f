import type { SpanData } from '../../span.js';
import { textOf } from '../attributes.js';
import type { Convention, Draft } from '../draft.js';

const PREFIX = 'gcp.vertex.agent.';
const REQUEST = `${PREFIX}llm_request`;
const RESPONSE = `${PREFIX}llm_response`;

/**
 * Google's Agent Development Kit. Requests and answers are in Gemini's own form, which Langfuse shows as a
 * conversation; camel case from JavaScript, snake case from Python. https://google.github.io/adk-docs/
 */
export const googleAdk: Convention = {
  name: 'google-adk',
  owns: (key) => key.startsWith(PREFIX),
  isScope: (name) => name === 'gcp.vertex.agent',
  read(span, draft) {
    const { attributes } = span;
    // A model call that failed has its name alone.
    if (span.name.startsWith('call_llm')) draft.type ??= 'generation';
    draft.input ??= contentIn(span, draft, REQUEST, `${PREFIX}tool_call_args`, `${PREFIX}data`);
    draft.output ??= contentIn(span, draft, RESPONSE, `${PREFIX}tool_response`);
    draft.sessionId ??= textOf(attributes[`${PREFIX}session_id`]);
  },
};

/** What it writes where there is nothing to say. */
const NOTHING: ReadonlySet<unknown> = new Set([undefined, null, '', '{}', 'N/A', '<not specified>']);

function contentIn({ attributes }: SpanData, draft: Draft, ...keys: readonly string[]): unknown {
  const key = keys.find((name) => !NOTHING.has(attributes[name]));
  if (key === undefined) return undefined;
  draft.used.add(key);
  return attributes[key];
}
