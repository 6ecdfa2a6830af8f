import { type Answer, json, type StreamedEvent } from './answer.js';
import { asArray, asObject, asString, type JsonObject, textOf } from './json.js';
import { type Conversation, halves, type ScriptedReply, scriptedReply, streamedPieces } from './script.js';
import { CREATED_AT_SECONDS, tokensOf } from './truth.js';

/** `POST /v1/responses` */
export function answerResponses(request: JsonObject, serial: number): Answer {
  const model = asString(request['model']);
  const items = toItems(scriptedReply(readConversation(request)));
  const opened = { id: `resp_${serial}`, object: 'response', created_at: CREATED_AT_SECONDS, model };
  const completed = { ...opened, ...SETTINGS, status: 'completed', output: items, usage: toUsage(model) };
  if (request['stream'] !== true) return json(completed);
  const started = { ...opened, ...SETTINGS, status: 'in_progress', output: [], usage: null };
  const bodies = [
    { type: 'response.created', response: started },
    ...items.flatMap(toItemEvents),
    { type: 'response.completed', response: completed },
  ];
  return { kind: 'stream', events: bodies.map(toEvent) };
}

/** What every response repeats and nobody here varies. */
const SETTINGS = {
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  parallel_tool_calls: true,
  tool_choice: 'auto',
  tools: [],
} as const;

interface MessageItem {
  readonly type: 'message';
  readonly id: string;
  readonly role: 'assistant';
  readonly status: 'completed';
  readonly content: readonly [{ type: 'output_text'; text: string; annotations: readonly [] }];
}

interface CallItem {
  readonly type: 'function_call';
  readonly id: string;
  readonly call_id: string;
  readonly name: string;
  readonly arguments: string;
  readonly status: 'completed';
}

type OutputItem = MessageItem | CallItem;

interface EventBody {
  readonly type: string;
  readonly [field: string]: unknown;
}

function readConversation(request: JsonObject): Conversation {
  const input = request['input'];
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : asArray(input).map(asObject);
  const lastUser = items.findLastIndex((item) => item['role'] === 'user');
  const lastResult = items.findLastIndex((item) => item['type'] === 'function_call_output');
  const tools = asArray(request['tools']).map((tool) => asString(asObject(tool)['name']));
  return {
    lastUserText: textOf(items[lastUser]?.['content']),
    hasToolResults: lastResult > lastUser,
    tools: request['tool_choice'] === 'none' ? [] : tools,
  };
}

function toItems(reply: ScriptedReply): readonly OutputItem[] {
  if (reply.kind === 'text') {
    const content = [{ type: 'output_text', text: reply.text, annotations: [] }] as const;
    return [{ type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content }];
  }
  return reply.calls.map((call, index) => ({
    type: 'function_call',
    id: `fc_${index + 1}`,
    call_id: call.id,
    name: call.name,
    arguments: call.arguments,
    status: 'completed',
  }));
}

function toItemEvents(item: OutputItem, index: number): readonly EventBody[] {
  const place = { output_index: index, item_id: item.id };
  const done = { type: 'response.output_item.done', output_index: index, item };
  const added = (opened: object): EventBody => ({
    type: 'response.output_item.added',
    output_index: index,
    item: { ...item, status: 'in_progress', ...opened },
  });
  if (item.type === 'function_call') {
    return [
      added({ arguments: '' }),
      ...halves(item.arguments).map((delta) => ({ type: 'response.function_call_arguments.delta', ...place, delta })),
      { type: 'response.function_call_arguments.done', ...place, arguments: item.arguments },
      done,
    ];
  }
  const [part] = item.content;
  const text = { ...place, content_index: 0 };
  return [
    added({ content: [] }),
    { type: 'response.content_part.added', ...text, part: { ...part, text: '' } },
    ...streamedPieces(part.text).map((delta) => ({ type: 'response.output_text.delta', ...text, delta, logprobs: [] })),
    { type: 'response.output_text.done', ...text, text: part.text, logprobs: [] },
    { type: 'response.content_part.done', ...text, part },
    done,
  ];
}

function toEvent(body: EventBody, index: number): StreamedEvent {
  return { event: body.type, data: JSON.stringify({ ...body, sequence_number: index }) };
}

function toUsage(model: string): unknown {
  const tokens = tokensOf(model);
  return {
    input_tokens: tokens.input,
    input_tokens_details: { cached_tokens: tokens.cached },
    output_tokens: tokens.output,
    output_tokens_details: { reasoning_tokens: tokens.reasoning },
    total_tokens: tokens.total,
  };
}
