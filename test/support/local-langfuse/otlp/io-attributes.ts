import { hasPrefix, rebuilt } from './flattened-keys.js';
import { genAiIo, type Io, pair, withInstructions } from './io-genai.js';
import { type Attributes, fieldOf, firstNotNull, parsedJson } from './values.js';

type Source = (attributes: Attributes, scopeName: unknown) => Io | undefined;

/** Facts §9.2, 8 to 20: what vendors call input and output; the first pair counts, related or not. */
export function attributeIo(attributes: Attributes, scopeName: unknown): Io | undefined {
  for (const source of SOURCES) {
    const io = source(attributes, scopeName);
    if (io) return io;
  }
  return undefined;
}

function keys(input: string, output: string): Source {
  return (attributes) => pair(attributes[input], attributes[output]);
}

const SOURCES: readonly Source[] = [
  adk,
  keys('prompt', 'all_messages_events'),
  liveKit,
  logfireEvents,
  keys('mlflow.spanInputs', 'mlflow.spanOutputs'),
  keys('traceloop.entity.input', 'traceloop.entity.output'),
  keys('input.value', 'output.value'),
  keys('input', 'output'),
  pydanticAi,
  keys('tool_arguments', 'tool_response'),
  flattened('gen_ai.prompt', 'gen_ai.completion'),
  flattened('llm.input_messages', 'llm.output_messages'),
  genAiIo,
];

function adk(attributes: Attributes): Io | undefined {
  const half = (key: string, fallback: string): unknown => {
    const value = attributes[key];
    return value && value !== '{}' ? value : attributes[fallback];
  };
  return pair(
    half('gcp.vertex.agent.llm_request', 'gcp.vertex.agent.tool_call_args'),
    half('gcp.vertex.agent.llm_response', 'gcp.vertex.agent.tool_response'),
  );
}

function liveKit(attributes: Attributes): Io | undefined {
  return pair(
    firstNotNull(attributes, ['lk.input_text', 'lk.user_transcript', 'lk.chat_ctx']),
    attributes['lk.function_tool.output'] || attributes['lk.response.text'],
  );
}

/** Throws on events that are no list of objects, and so loses the request (§17). */
function logfireEvents(attributes: Attributes): Io | undefined {
  const value = attributes['events'];
  const events: unknown = typeof value === 'string' ? (parsedJson(value) ?? []) : (value ?? []);
  if (!Array.isArray(events) || events.includes(null)) throw new TypeError('events is no list of objects');
  const isChoice = (event: unknown): boolean => fieldOf(event, 'event.name') === 'gen_ai.choice';
  const output: unknown = events.find(isChoice);
  const input: unknown[] = events.filter((event) => !isChoice(event));
  return events.length === 0 ? undefined : { input: input.length > 0 ? input : null, output };
}

function pydanticAi(attributes: Attributes, scopeName: unknown): Io | undefined {
  if (scopeName !== 'pydantic-ai') return undefined;
  const messages = attributes['pydantic_ai.all_messages'] ?? null;
  const instructions = attributes['gen_ai.system_instructions'];
  const input = messages && instructions ? withInstructions(messages, instructions) : messages;
  return pair(input, attributes['final_result'] ?? null);
}

/** A side without any key becomes an empty object. */
function flattened(input: string, output: string): Source {
  return (attributes) => {
    if (!hasPrefix(attributes, input) && !hasPrefix(attributes, output)) return undefined;
    return { input: rebuilt(attributes, input), output: rebuilt(attributes, output) };
  };
}
