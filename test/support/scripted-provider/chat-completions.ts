import { type Answer, json, type StreamedEvent } from './answer.js';
import { asArray, asObject, asString, type JsonObject, textOf } from './json.js';
import {
  type Conversation,
  halves,
  type ScriptedReply,
  type ScriptedToolCall,
  scriptedReply,
  streamedPieces,
} from './script.js';
import { CREATED_AT_SECONDS, tokensOf } from './truth.js';

/** `POST /v1/chat/completions` */
export function answerChat(request: JsonObject, serial: number): Answer {
  const model = asString(request['model']);
  const reply = scriptedReply(readConversation(request));
  const envelope = { id: `chatcmpl-${serial}`, created: CREATED_AT_SECONDS, model };
  if (request['stream'] !== true) {
    return json({ ...envelope, object: 'chat.completion', choices: [toChoice(reply)], usage: toUsage(model) });
  }
  const wantsUsage = asObject(request['stream_options'])['include_usage'] === true;
  const chunk = (choices: readonly unknown[], usage: unknown): StreamedEvent => ({
    data: JSON.stringify({
      ...envelope,
      object: 'chat.completion.chunk',
      choices,
      ...(wantsUsage ? { usage } : {}),
    }),
  });
  const events = toDeltas(reply).map((delta) => chunk([{ index: 0, delta, finish_reason: null }], null));
  events.push(chunk([{ index: 0, delta: {}, finish_reason: finishReason(reply) }], null));
  // The usage comes last, in a chunk without choices, and only when asked for.
  if (wantsUsage) events.push(chunk([], toUsage(model)));
  events.push({ data: '[DONE]' });
  return { kind: 'stream', events };
}

function readConversation(request: JsonObject): Conversation {
  const messages = asArray(request['messages']).map(asObject);
  const roles = messages.map((message) => asString(message['role']));
  const lastUser = roles.lastIndexOf('user');
  const tools = asArray(request['tools']).map((tool) => asString(asObject(asObject(tool)['function'])['name']));
  return {
    lastUserText: textOf(messages[lastUser]?.['content']),
    hasToolResults: roles.lastIndexOf('tool') > lastUser,
    tools: request['tool_choice'] === 'none' ? [] : tools,
  };
}

function toChoice(reply: ScriptedReply): unknown {
  const spoken =
    reply.kind === 'text' ? { content: reply.text } : { content: null, tool_calls: reply.calls.map(toToolCall) };
  return {
    index: 0,
    message: { role: 'assistant', refusal: null, ...spoken },
    logprobs: null,
    finish_reason: finishReason(reply),
  };
}

function toDeltas(reply: ScriptedReply): readonly unknown[] {
  const opening = { role: 'assistant', content: reply.kind === 'text' ? '' : null };
  if (reply.kind === 'text') return [opening, ...streamedPieces(reply.text).map((content) => ({ content }))];
  // A call is announced with empty arguments, which then follow in pieces: clients must put them together.
  const calls = reply.calls.flatMap((call, index) => [
    { tool_calls: [{ index, ...toToolCall({ ...call, arguments: '' }) }] },
    ...halves(call.arguments).map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ]);
  return [opening, ...calls];
}

function toToolCall(call: ScriptedToolCall): object {
  return { id: call.id, type: 'function', function: { name: call.name, arguments: call.arguments } };
}

function finishReason(reply: ScriptedReply): string {
  return reply.kind === 'text' ? 'stop' : 'tool_calls';
}

function toUsage(model: string): unknown {
  const tokens = tokensOf(model);
  return {
    prompt_tokens: tokens.input,
    completion_tokens: tokens.output,
    total_tokens: tokens.total,
    prompt_tokens_details: { cached_tokens: tokens.cached, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: tokens.reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
