import type { ObservationType } from '../../model.js';
import type { SpanData } from '../../span.js';
import { firstText, flagOf, parsed } from '../attributes.js';
import { type Convention, type Draft, takeOutput } from '../draft.js';
import { type KeyTable, keyTest, readTable } from '../key-table.js';

/** Since 1.8 whatever may be personal has `pii` in its name. */
const either = (name: string): readonly [string, string] => [`lk.pii.${name}`, `lk.${name}`];

const TABLE: KeyTable = {
  name: 'livekit',
  owns: ['lk.'],
  input: [
    ...either('input_text'),
    ...either('user_transcript'),
    ...either('chat_ctx'),
    ...either('user_input'),
    ...either('function_tool.arguments'),
  ],
  firstTokenSeconds: ['lk.response.ttft'],
};

/** LiveKit Agents. https://docs.livekit.io/agents/observability/ */
export const liveKit: Convention = {
  name: TABLE.name,
  owns: keyTest(TABLE.owns),
  isScope: (name) => name === 'livekit-agents',
  read(span, draft) {
    readTable(TABLE, span, draft);
    draft.type ??= TYPES.get(span.name);
    if (draft.type === 'tool') draft.name ??= firstText(span.attributes, 'lk.function_tool.name');
    takeOutput(span, draft, ...either('function_tool.output'));
    readAnswer(span, draft);
    if (flagOf(span.attributes['lk.function_tool.is_error']) === true) draft.level ??= 'ERROR';
    // As the server has it (4.16): the machinery of a voice session, of which there is much.
    if (MACHINERY.has(span.name) && span.status.code !== 2) draft.level ??= 'DEBUG';
  },
};

const TYPES: ReadonlyMap<string, ObservationType> = new Map([
  ['agent_turn', 'agent'],
  ['start_agent_activity', 'agent'],
  ['function_tool', 'tool'],
]);

const MACHINERY: ReadonlySet<string> = new Set([
  'user_speaking',
  'eou_detection',
  'llm_request_run',
  'tts_node',
  'tts_request',
  'tts_request_run',
  'tts_stream_adapter',
  'agent_speaking',
  'drain_agent_activity',
  'on_exit',
  'on_enter',
  'llm_fallback_adapter',
  'tts_fallback_adapter',
  'start_agent_activity',
]);

/** Text and tool calls of one answer, as one message. */
function readAnswer(span: SpanData, draft: Draft): void {
  const calls = firstText(span.attributes, ...either('response.function_calls'));
  const list = parsed(calls);
  if (draft.output !== undefined || !Array.isArray(list) || list.length === 0) {
    takeOutput(span, draft, ...either('response.text'));
    return;
  }
  const content = firstText(span.attributes, ...either('response.text')) ?? '';
  draft.output = { role: 'assistant', content, tool_calls: list };
  for (const key of [...either('response.text'), ...either('response.function_calls')]) draft.used.add(key);
}
