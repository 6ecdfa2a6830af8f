import { describe, expect, it } from 'vitest';
import { translateSpans } from '../../../src/index.js';
import type { Observation } from '../../../src/model.js';
import { toSpanData } from '../../../src/otel/span-data.js';
import type { SpanLike } from '../../../src/span.js';
import { toObservation } from '../../../src/translate/observation.js';
import { spanLike } from '../../support/spans.js';

/** What one span becomes. Numbers in the names are those of the table in `docs/translation.md`. */
function translated(attributes: object, over: Partial<SpanLike> = {}): Observation {
  return toObservation(toSpanData(spanLike({ attributes, ...over })), {});
}

const MESSAGES = '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]';

describe('where the server’s own mapping loses data', () => {
  it('(1) AI SDK spans from a tracer of any name keep prompt and answer', () => {
    const { input, output } = translated(
      {
        'ai.operationId': 'ai.generateText.doGenerate',
        'ai.prompt.messages': '[{"role":"user"}]',
        'ai.response.text': 'yes',
      },
      { instrumentationScope: { name: 'my-tracer' } },
    );
    expect([input, output].map(String)).toEqual([expect.stringContaining('user'), 'yes']);
  });

  it('(1) Pydantic’s content is read in any scope', () => {
    const { input, output } = translated({ 'pydantic_ai.all_messages': MESSAGES, final_result: 'done' });
    expect([JSON.stringify(input), output]).toEqual([expect.stringContaining('hi'), 'done']);
  });

  it.each(['prompt', 'input', 'input.value'])('(2) an unrelated "%s" hides no messages, and stays visible', (key) => {
    const { input, output, attributes } = translated({
      [key]: 'unrelated',
      'gen_ai.operation.name': 'chat',
      'gen_ai.input.messages': MESSAGES,
      'gen_ai.output.messages': '[{"role":"assistant","parts":[]}]',
    });
    expect([JSON.stringify(input), JSON.stringify(output)]).toEqual([
      expect.stringContaining('hi'),
      expect.stringContaining('assistant'),
    ]);
    expect(attributes[key]).toBe('unrelated');
  });

  it('(3) exceptions, events and links are kept, and an exception explains an error without a message', () => {
    const exception = {
      name: 'exception',
      time: [1_790_000_001, 0] as const,
      attributes: { 'exception.type': 'RateLimitError', 'exception.message': '429: slow down' },
    };
    const link = { context: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 } };
    const made = translated({}, { status: { code: 2 }, events: [exception], links: [link] });
    expect(made).toMatchObject({ level: 'ERROR', statusMessage: '429: slow down' });
    expect(made.events).toHaveLength(1);
    expect(made.links).toEqual([{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), attributes: {} }]);
  });

  it.each([
    ['error.type', 'timeout'],
    ['exception.message', 'no route'],
    ['error.message', 'no route'],
  ])('(3) an error without exception is explained by %s', (key, text) => {
    expect(translated({ [key]: text }, { status: { code: 2 } }).statusMessage).toBe(text);
    expect(translated({ [key]: text }).statusMessage).toBeUndefined();
  });

  it('(4) what is stated outright for an agent stays', () => {
    const stated = translated({
      'gen_ai.operation.name': 'invoke_agent',
      'langfuse.observation.model.name': 'gpt-4o',
      'langfuse.observation.usage_details': '{"input":3,"output":4}',
    });
    expect(stated).toMatchObject({ type: 'agent', model: 'gpt-4o', usage: { input: 3, output: 4 } });
  });

  it('(5) the entry from another process is one, and what @langfuse/otel marks as the application’s root', () => {
    const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };
    const positions = [
      translated({}, { parentSpanContext: { ...parent, isRemote: true } }),
      translated({ 'langfuse.internal.is_app_root': true }, { parentSpanContext: parent }),
      translated({ 'langfuse.internal.as_root': 'true' }, { parentSpanContext: parent }),
      translated({}, { parentSpanContext: parent }),
    ].map(({ position }) => position);
    expect(positions).toEqual(['local', 'local', 'trace', 'inner']);
  });

  it('(6) attributes of one’s own stay on spans of Langfuse’s SDK', () => {
    const { attributes } = translated({ 'my.key': 1 }, { instrumentationScope: { name: 'langfuse-sdk' } });
    expect(attributes).toEqual({ 'my.key': 1 });
  });

  it.each<[string, object, Partial<Observation>]>([
    ['values', { 'ai.operationId': 'ai.embedMany.doEmbed', 'ai.values': ['"a"', '"b"'] }, { input: ['a', 'b'] }],
    [
      'documents',
      { 'openinference.span.kind': 'RETRIEVER', 'retrieval.documents.0.document.content': 'd' },
      { output: [{ content: 'd' }] },
    ],
    [
      'texts',
      { 'openinference.span.kind': 'EMBEDDING', 'embedding.embeddings.0.embedding.text': 't' },
      { input: ['t'] },
    ],
  ])('(7) %s of embeddings and retrievers are content', (_, attributes, content) => {
    expect(translated(attributes)).toMatchObject(content);
  });

  it('(8) system instructions without messages are the input', () => {
    const { input } = translated({
      'gen_ai.operation.name': 'chat',
      'gen_ai.system_instructions': '[{"type":"text","content":"be brief"}]',
    });
    expect(JSON.stringify(input)).toContain('be brief');
  });

  it('(9) an empty langfuse.observation.input blocks nothing', () => {
    expect(translated({ 'langfuse.observation.input': '', 'gen_ai.prompt': 'hi' }).input).toBe('hi');
  });

  it.each<[string, object]>([
    ['a prompt without version', { 'langfuse.observation.prompt.name': 'p' }],
    ['a version without prompt', { 'langfuse.observation.prompt.version': 3 }],
    [
      'a version that is no number',
      { 'langfuse.observation.prompt.name': 'p', 'langfuse.observation.prompt.version': 'v1' },
    ],
    [
      'a version too large for the column',
      { 'langfuse.observation.prompt.name': 'p', 'langfuse.observation.prompt.version': 65_536 },
    ],
  ])('(10) %s is left out, not the observation', (_, attributes) => {
    expect(translated({ 'langfuse.observation.type': 'generation', ...attributes }).prompt).toBeUndefined();
  });

  it('(10) what has a wrong type is what was meant by it', () => {
    const made = translated({
      'langfuse.observation.type': 'generation',
      'langfuse.observation.prompt.name': 'p',
      'langfuse.observation.prompt.version': '3',
      'langfuse.observation.completion_start_time': 'Mon, 21 Sep 2026 14:13:21 GMT',
      'langfuse.observation.status_message': 404,
      'langfuse.observation.model.parameters': '5',
      'langfuse.version': 2,
    });
    expect(made).toMatchObject({
      prompt: { name: 'p', version: 3 },
      completionStartTime: [1_790_000_001, 0],
      statusMessage: '404',
      version: '2',
    });
    expect(made.modelParameters).toBeUndefined();
  });

  it.each([
    ['in the year 65536', '65536'],
    ['before the epoch', '1969-12-31T23:59:59.999Z'],
    ['later than any column holds', '2300-01-01T00:00:00.000Z'],
  ])('(10) a first token %s is left out, not the observation', (_, time) => {
    expect(translated({ 'langfuse.observation.completion_start_time': time }).completionStartTime).toBeUndefined();
  });

  it('(10) a first token after the last time that servers keep is left out', () => {
    const times = { startTime: [10_413_791_999, 0], endTime: [10_413_791_999, 0] } as const;
    expect(translated({ 'ai.response.msToFirstChunk': 999 }, times).completionStartTime).toEqual([
      10_413_791_999, 999e6,
    ]);
    expect(translated({ 'ai.response.msToFirstChunk': 1000 }, times).completionStartTime).toBeUndefined();
  });

  it('(12) a span with a model and no other type is a generation, which keeps it on every server', () => {
    expect(translated({ 'gen_ai.request.model': 'gpt-4o' }).type).toBe('generation');
  });
});

describe('where the server’s own mapping falsifies', () => {
  it('(13) a span without usage has none', () => {
    const tool = translated(
      { 'ai.operationId': 'ai.toolCall', 'ai.toolCall.name': 't' },
      { instrumentationScope: { name: 'ai' } },
    );
    expect(tool.usage).toBeUndefined();
  });

  it('(19) conversation, tags and publication count on any span', () => {
    const { trace } = translated(
      { 'gen_ai.conversation.id': 'c', 'langfuse.tags': ['a'], 'langfuse.public': true },
      { parentSpanContext: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 } },
    );
    expect(trace).toMatchObject({ sessionId: 'c', tags: ['a'], public: true });
  });

  it('(20) publication is said by true and false, also as text, and by nothing else', () => {
    const values = [true, 'true', false, 'false', 'yes', 1].map((value) =>
      translated({ 'langfuse.trace.public': value }),
    );
    expect(values.map(({ trace }) => trace.public)).toEqual([true, true, false, false, undefined, undefined]);
  });

  it('(21) no tag is made of an empty list', () => {
    expect(translated({ 'langfuse.trace.tags': [] }).trace.tags).toBeUndefined();
  });

  it('(22) an all-zero parent is none, and a missing end is the start', () => {
    const { parentId, position, endTime } = translated(
      {},
      { parentSpanId: '0000000000000000', endTime: undefined as unknown as SpanLike['endTime'] },
    );
    expect([parentId, position, endTime]).toEqual([undefined, 'trace', [1_790_000_000, 0]]);
  });

  it('(23) a model call that names a tool keeps its own name', () => {
    const chat = translated({ 'gen_ai.operation.name': 'chat', 'gen_ai.tool.name': 'search' }, { name: 'chat gpt-4o' });
    expect(chat.name).toBe('chat gpt-4o');
    expect(translated({ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search' }).name).toBe('search');
  });

  it('(24) a step of an agent around a model call is no generation', () => {
    const step = spanLike({
      id: '1'.repeat(16),
      attributes: { 'gen_ai.operation.name': 'agent_step', 'gen_ai.request.model': 'm' },
    });
    const call = spanLike({
      id: '2'.repeat(16),
      parentSpanContext: step.spanContext(),
      attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': 3 },
    });
    const events = translateSpans([call, step]).filter(({ type }) => type !== 'trace-create');
    expect(events.map(({ type }) => type)).toEqual(['generation-create', 'span-create']);
  });

  it('(25) keys that only begin like a prompt are none, and half a pair leaves the other half away', () => {
    expect(translated({ 'gen_ai.prompt_template': 'Hello {name}' })).toMatchObject({
      input: undefined,
      output: undefined,
    });
    expect(translated({ 'gen_ai.prompt.0.content': 'hi' }).output).toBeUndefined();
  });

  it('(26) calls of tools are structures', () => {
    const { output } = translated({
      'ai.operationId': 'ai.generateText.doGenerate',
      'ai.response.toolCalls': '[{"toolCallId":"1","toolName":"search","args":"{\\"q\\":\\"x\\"}"}]',
    });
    expect(output).toMatchObject({ tool_calls: [{ toolName: 'search', input: { q: 'x' } }] });
  });

  it('(27) parameters are typed, and only those that are there', () => {
    const { modelParameters } = translated(
      { 'ai.operationId': 'ai.generateText.doGenerate', 'ai.settings.temperature': 0.5 },
      { instrumentationScope: { name: 'ai' } },
    );
    expect(modelParameters).toEqual({ temperature: 0.5 });
  });

  it('(29) langfuse.metadata is shown once', () => {
    const { metadata, attributes } = translated({ 'langfuse.metadata.tenant': 'acme' });
    expect([metadata, attributes]).toEqual([{ tenant: 'acme' }, {}]);
  });
});

describe('a span that came incomplete', () => {
  const cut = '[{"role":"user","parts":[{"type":"text","content":"a long sto';

  it('shows messages that were cut as the text they are, says so, and loses nothing else', () => {
    const { input, output, metadata } = translated({
      'gen_ai.operation.name': 'chat',
      'gen_ai.input.messages': cut,
      'gen_ai.output.messages': MESSAGES,
    });
    expect(input).toBe(cut);
    expect(JSON.stringify(output)).toContain('hi');
    expect(metadata).toEqual({ incomplete: { cutAttributes: ['gen_ai.input.messages'] } });
  });

  it('has the tags that are whole', () => {
    expect(translated({ 'langfuse.trace.tags': '["prod","eu, west","mün' }).trace.tags).toEqual(['prod', 'eu, west']);
  });

  it('says how much the SDK dropped', () => {
    const { metadata } = translated({}, { droppedAttributesCount: 134, droppedEventsCount: 0, droppedLinksCount: 2 });
    expect(metadata).toEqual({ incomplete: { droppedAttributes: 134, droppedLinks: 2 } });
  });

  it.each(['[INST] Tell me [/INST] now', '{name}, hello', '[1] says so', '{"whole":true}', '["whole"] '])(
    'is not what only looks like it: %s',
    (text) => {
      expect(translated({ 'gen_ai.prompt': text }).metadata).toEqual({});
    },
  );
});
