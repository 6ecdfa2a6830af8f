import { describe, expect, it } from 'vitest';
import { type EventRow, toEventRows } from '../../support/local-langfuse/otlp/index.js';
import { type OtlpSpanParts, otlpExport } from '../../support/otlp-export.js';

// Rules for sources that the corpus has no spans of, from the fact sheet alone.

function rowOf(parts: OtlpSpanParts): EventRow | undefined {
  return toEventRows(otlpExport(parts))[0];
}

const user = '[{"role":"user","content":"hi"}]';

describe('input and output', () => {
  it.each<[string, OtlpSpanParts, unknown, unknown]>([
    [
      'Genkit',
      {
        scope: { name: 'genkit-tracer' },
        attributes: { 'genkit:input': '{"messages":[1]}', 'genkit:output': '{"message":{"text":"x"}}' },
      },
      '[1]',
      '{"text":"x"}',
    ],
    ['Genkit outside its scope', { attributes: { 'genkit:input': 'lost' } }, null, null],
    [
      'Flue',
      { scope: { name: '@flue/opentelemetry' }, attributes: { 'flue.turn.input': '{"a":1}', 'flue.turn.output': 'x' } },
      '{"a":1}',
      'x',
    ],
    [
      'operation details in an event',
      {
        events: [
          { name: 'gen_ai.client.inference.operation.details', attributes: { 'gen_ai.input.messages': user } },
          { name: 'gen_ai.user.message', attributes: { content: 'ignored' } },
        ],
      },
      user,
      null,
    ],
    [
      'one event a message',
      {
        events: [
          { name: 'gen_ai.system.message', attributes: { content: 'be kind' } },
          { name: 'gen_ai.user.message', attributes: { content: 'hi', role: 'me' } },
          { name: 'gen_ai.choice', attributes: { message: 'hello' } },
        ],
      },
      '[{"role":"system","content":"be kind"},{"role":"me","content":"hi"}]',
      '{"message":"hello"}',
    ],
    [
      'content events',
      { events: [{ name: 'gen_ai.content.prompt', attributes: { 'gen_ai.prompt': 'hi' } }] },
      'hi',
      '{}',
    ],
    [
      'content events of another kind',
      { events: [{ name: 'gen_ai.content.completion', attributes: { answer: 'x' } }] },
      '{}',
      '{"answer":"x"}',
    ],
    [
      'ADK tools',
      { attributes: { 'gcp.vertex.agent.llm_request': '{}', 'gcp.vertex.agent.tool_call_args': '{"a":1}' } },
      '{"a":1}',
      null,
    ],
    ['LiveKit', { attributes: { 'lk.user_transcript': 'hi', 'lk.response.text': 'x' } }, 'hi', 'x'],
    [
      'Logfire events',
      { attributes: { events: '[{"event.name":"gen_ai.user.message"},{"event.name":"gen_ai.choice","n":1}]' } },
      '[{"event.name":"gen_ai.user.message"}]',
      '{"event.name":"gen_ai.choice","n":1}',
    ],
    [
      'Pydantic AI',
      {
        scope: { name: 'pydantic-ai' },
        attributes: {
          'pydantic_ai.all_messages': user,
          final_result: 'x',
          'gen_ai.system_instructions': '[{"content":"be"},{"content":"kind"}]',
        },
      },
      '[{"role":"system","content":"be\\nkind"},{"role":"user","content":"hi"}]',
      'x',
    ],
    [
      'instructions beside a system message',
      {
        attributes: { 'gen_ai.input.messages': '[{"role":"system"}]', 'gen_ai.system_instructions': 'be kind' },
      },
      '[{"role":"system"}]',
      null,
    ],
    ['keys that only begin like prompts', { attributes: { 'gen_ai.prompt_template': 'x' } }, '{"gen_ai":{}}', '{}'],
    [
      'the first pair, although a later source has the other half',
      { attributes: { 'input.value': 'hi', 'gen_ai.output.messages': 'lost' } },
      'hi',
      null,
    ],
  ])('come from %s', (_, parts, input, output) => {
    expect(rowOf(parts)).toMatchObject({ input, output });
  });
});

describe('tool definitions', () => {
  const tools = [{ name: 'search' }];
  const definitions = { 'gen_ai.tool.definitions': '[{"name":"search"},{"name":"search"}]' };

  it.each<[string, OtlpSpanParts['attributes'], unknown]>([
    ['nothing', {}, { tools }],
    ['a list', { 'langfuse.observation.input': user }, { messages: JSON.parse(user), tools }],
    ['an object', { 'langfuse.observation.input': '{"q":1}' }, { q: 1, tools }],
    [
      'an object with tools',
      { 'langfuse.observation.input': '{"tools":[{"function":{"name":"own"}}]}' },
      { tools: [{ function: { name: 'own' } }, ...tools] },
    ],
    ['text', { 'langfuse.observation.input': 'hi' }, { prompt: 'hi', tools }],
  ])('join %s', (_, attributes, input) => {
    const row = rowOf({ attributes: { ...definitions, ...attributes } });

    expect(JSON.parse(String(row?.input))).toEqual(input);
    expect(row?.metadata).toEqual({ 'scope.name': 'test-scope' });
  });

  it.each([['5'], ['{"tools":[1]}']])('stay in the metadata beside %s', (input) => {
    const row = rowOf({ attributes: { ...definitions, 'langfuse.observation.input': input } });

    expect(row).toMatchObject({ input, metadata: { 'attributes.gen_ai.tool.definitions': expect.anything() } });
  });

  it.each([
    [{ 'ai.prompt.tools': ['{"type":"provider"}', '{"name":"a"}'] }, [{ type: 'provider' }, { name: 'a' }], {}],
    [
      { model_request_parameters: '{"function_tools":[{"name":"a"}],"mode":"auto"}' },
      [{ name: 'a' }],
      { 'attributes.model_request_parameters': '{"mode":"auto"}' },
    ],
    [{ model_request_parameters: '{"function_tools":[{"name":"a"}]}' }, [{ name: 'a' }], {}],
    [
      { 'llm.tools.10.tool.json_schema': '{"name":"b"}', 'llm.tools.9.tool.json_schema': '{"name":"a"}' },
      [{ name: 'a' }, { name: 'b' }],
      {},
    ],
    [{ 'langfuse.observation.metadata.tools': '[{"name":"a"}]' }, [{ name: 'a' }], {}],
  ])('come from %o', (attributes, found, metadata) => {
    const row = rowOf({ attributes });

    expect(JSON.parse(String(row?.input))).toEqual({ tools: found });
    expect(row?.metadata).toEqual({ ...metadata, 'scope.name': 'test-scope' });
  });
});

describe('usage', () => {
  const genkit = '{"usage":{"inputTokens":5,"outputTokens":7,"thoughtsTokens":2,"totalTokens":12}}';
  const bedrock = '{"bedrock":{"usage":{"cacheReadInputTokens":4,"cacheWriteInputTokens":3}}}';
  const adk = '{"usage_metadata":{"cached_content_token_count":4}}';

  it.each<[string, string, OtlpSpanParts['attributes'], object]>([
    ['Genkit', 'genkit-tracer', { 'genkit:output': genkit }, { input: 5, output: 5, total: 12, output_reasoning: 2 }],
    [
      'the ADK',
      'gcp.vertex.agent',
      { 'gcp.vertex.agent.llm_response': adk, 'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.output_tokens': 1 },
      { input: 6, output: 1, input_cached_tokens: 4, total: 11 },
    ],
    [
      'Bedrock through the AI SDK',
      'ai',
      { 'gen_ai.usage.input_tokens': 10, 'ai.response.providerMetadata': bedrock },
      { input: 6, output: 0, input_cache_read: 4, input_cache_write: 3, total: 13 },
    ],
    [
      'broken provider metadata of the AI SDK',
      'ai',
      { 'gen_ai.usage.input_tokens': 10, 'ai.response.providerMetadata': '{' },
      { input: 10, total: 10 },
    ],
    [
      'sub-counts, which are counted twice',
      'any',
      { 'gen_ai.usage.output_tokens': 10, 'gen_ai.usage.reasoning_tokens': 4, 'gen_ai.usage.details.x': '1' },
      { output: 10, reasoning_tokens: 4, x: 1, total: 15 },
    ],
    ['an agent, not', 'any', { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.usage.input_tokens': 10 }, {}],
  ])('of %s', (_, name, attributes = {}, expected) => {
    expect(rowOf({ scope: { name }, attributes })?.usageDetails).toEqual(expected);
  });
});

describe('other fields', () => {
  const judge = '{"completion":null,"rawRequest":{"trace":{"environment":"langfuse-llm-as-a-judge"}}}';

  it.each<[OtlpSpanParts, Partial<EventRow>]>([
    [{ scope: { name: 'livekit-agents' }, span: { name: 'function_tool' } }, { type: 'TOOL' }],
    [
      { scope: { name: 'livekit-agents' }, span: { name: 'tts_node' } },
      { type: 'SPAN', level: 'DEBUG' },
    ],
    [{ attributes: { 'flue.tool.name': 'search' } }, { type: 'TOOL' }],
    [{ attributes: { 'flue.task.agent': 'a' } }, { type: 'AGENT' }],
    [{ attributes: { 'openinference.span.kind': 'RERANKER', model: 'm' } }, { type: 'GENERATION', model: 'm' }],
    [{ attributes: { 'genkit:metadata:subtype': 'model', 'genkit:name': 'g' } }, { model: 'g', name: 'g' }],
    [{ attributes: { 'logfire.msg': 'chat with x' } }, { name: 'chat with x' }],
    [{ attributes: { 'gen_ai.usage.cost': 0.5 } }, { costDetails: { total: 0.5 } }],
    [{ attributes: { 'ai.response.msToFirstChunk': 10.2 } }, { completionStartTime: '2026-11-23T08:00:00.011Z' }],
    [{ attributes: { 'llm.invocation_parameters': '{"n":1}' } }, { modelParameters: { n: 1 } }],
    [
      { scope: { name: 'genkit-tracer' }, attributes: { 'genkit:input': '{"config":{"topK":3}}' } },
      { modelParameters: { topK: 3 } },
    ],
    [
      { attributes: { model: 'm', 'ai.telemetry.metadata.langfusePrompt': '{"name":"p","version":2}' } },
      { promptName: 'p', promptVersion: 2 },
    ],
    [
      {
        scope: { name: 'langfuse-sdk', version: '3.3.1' },
        resource: { 'telemetry.sdk.language': 'python' },
        attributes: { 'langfuse.observation.type': 'span', 'langfuse.observation.model.name': 'm', custom: 'lost' },
      },
      { type: 'GENERATION', metadata: expect.not.objectContaining({ 'attributes.custom': 'lost' }) },
    ],
    [
      {
        resource: { 'service.name': 'openrouter' },
        attributes: { 'openrouter.source': 'openrouter', 'gen_ai.completion': judge },
      },
      { environment: 'llm-as-a-judge' },
    ],
    [
      { resource: { 'langfuse.environment': 'qa' }, attributes: { 'deployment.environment.name': 'prod' } },
      { environment: 'qa' },
    ],
  ])('of %o', (parts, expected) => {
    expect(rowOf(parts)).toMatchObject(expected);
  });
});
