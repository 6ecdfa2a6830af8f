import { genAiIo, type Io } from './io-genai.js';
import { type Attributes, fieldOf, firstNotNull, firstPresent, parsedOrRaw } from './values.js';

/** Facts §9.2, 2. */
export function genkitIo(attributes: Attributes): Io {
  const input = parsedOrRaw(attributes['genkit:input']);
  const output = parsedOrRaw(attributes['genkit:output']);
  return { input: fieldOf(input, 'messages') ?? input, output: fieldOf(output, 'message') ?? output };
}

/** Facts §9.2, 3: the AI SDK's own attributes, each missing half from the semantic conventions. */
export function aiSdkIo(attributes: Attributes): Io {
  const standard = genAiIo(attributes);
  return {
    input: firstPresent(attributes, ['ai.prompt.messages', 'ai.prompt', 'ai.toolCall.args']) ?? standard?.input,
    output: aiSdkOutput(attributes) ?? standard?.output,
  };
}

function aiSdkOutput(attributes: Attributes): unknown {
  const text = attributes['ai.response.text'];
  if ('ai.response.text' in attributes && 'ai.response.toolCalls' in attributes) {
    // The calls are JSON text already, and are quoted a second time.
    return JSON.stringify({ role: 'assistant', content: text, tool_calls: attributes['ai.response.toolCalls'] });
  }
  if (text) return text;
  return firstPresent(attributes, [
    'ai.result.text',
    'ai.toolCall.result',
    'ai.response.object',
    'ai.result.object',
    'ai.response.toolCalls',
    'ai.result.toolCalls',
  ]);
}

/** Facts §9.2, 4. */
export function flueIo(attributes: Attributes): Io | undefined {
  const input = firstNotNull(attributes, [
    'flue.turn.input',
    'flue.tool.arguments',
    'flue.task.prompt',
    'flue.workflow.payload',
  ]);
  const output = firstNotNull(attributes, [
    'flue.turn.output',
    'flue.tool.result',
    'flue.task.result',
    'flue.operation.result',
    'flue.workflow.result',
  ]);
  if (input === undefined && output === undefined) return undefined;
  return { input: parsedOrRaw(input) ?? null, output: parsedOrRaw(output) ?? null };
}
