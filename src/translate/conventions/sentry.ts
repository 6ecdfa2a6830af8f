import type { SpanData } from '../../span.js';
import { isObject, isPresent, parsed, textOf } from '../attributes.js';
import type { Convention, Draft } from '../draft.js';
import { type KeyTable, keyTest, readTable } from '../key-table.js';

const TABLE: KeyTable = {
  name: 'sentry',
  owns: [
    'sentry.',
    'gen_ai.response.text',
    'gen_ai.response.tool_calls',
    'gen_ai.response.object',
    'gen_ai.request.messages',
    'gen_ai.request.available_tools',
    'gen_ai.tool.input',
    'gen_ai.tool.output',
  ],
  type: {
    keys: ['sentry.op'],
    kinds: {
      'gen_ai.chat': 'generation',
      'gen_ai.generate_content': 'generation',
      'gen_ai.generate_text': 'generation',
      'gen_ai.stream_text': 'generation',
      'gen_ai.generate_object': 'generation',
      'gen_ai.stream_object': 'generation',
      'gen_ai.embeddings': 'embedding',
      'gen_ai.embed': 'embedding',
      'gen_ai.embed_many': 'embedding',
      'gen_ai.rerank': 'retriever',
      'gen_ai.invoke_agent': 'agent',
      'gen_ai.create_agent': 'agent',
      'gen_ai.execute_tool': 'tool',
      'mcp.server': 'tool',
    },
  },
  input: ['gen_ai.request.messages', 'gen_ai.tool.input'],
};

/**
 * Sentry's AI spans: GenAI conventions with messages in the provider's form, and the text and the tool calls of the
 * answer apart. https://develop.sentry.dev/sdk/telemetry/traces/modules/ai-agents/
 */
export const sentry: Convention = {
  name: TABLE.name,
  owns: keyTest(TABLE.owns),
  read(span, draft) {
    readTable(TABLE, span, draft);
    if (span.attributes['sentry.op'] === 'gen_ai.invoke_agent') draft.isWrapper = true;
    readAnswer(span, draft);
    readTools(span, draft);
  },
};

const TOOLS = 'gen_ai.request.available_tools';

function readTools({ attributes }: SpanData, draft: Draft): void {
  const tools = parsed(attributes[TOOLS]);
  if (draft.tools !== undefined || !Array.isArray(tools) || !tools.some(isObject)) return;
  draft.tools = tools;
  draft.used.add(TOOLS);
}

const ANSWER = ['gen_ai.response.text', 'gen_ai.response.tool_calls', 'gen_ai.response.object', 'gen_ai.tool.output'];

function readAnswer({ attributes }: SpanData, draft: Draft): void {
  if (draft.output !== undefined) return;
  const [text, calls, object, result] = ANSWER.map((key) => attributes[key]);
  const content = isPresent(text) ? joined(text) : isPresent(object) ? object : result;
  if (!isPresent(content) && !isPresent(calls)) return;
  draft.output = isPresent(calls)
    ? { role: 'assistant', content: content ?? null, tool_calls: parsed(calls) ?? calls }
    : content;
  for (const key of ANSWER) draft.used.add(key);
}

/** Texts of several choices arrive as a JSON list. */
function joined(text: unknown): unknown {
  const texts = typeof text === 'string' && text.startsWith('["') ? parsed(text) : text;
  return Array.isArray(texts) ? texts.map(textOf).filter(isPresent).join('\n') : text;
}
