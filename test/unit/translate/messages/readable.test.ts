import { describe, expect, it } from 'vitest';
import { readable } from '../../../../src/translate/messages/readable.js';

const text = JSON.stringify;

describe('readable content', () => {
  it('is the very text where nothing is hidden in it', () => {
    for (const content of ['Hi', '{"a":1}', '[{"role":"user","content":"Hi"}]', '', '{"cut":"off', '"quoted"'])
      expect(readable(content)).toBe(content);
  });

  it('is the very structure where nothing is hidden in it', () => {
    const content = [{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }];
    expect(readable(content)).toBe(content);
  });

  it('has the arguments of tool calls as what they say', () => {
    const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"city":"München"}' } };
    expect(readable(text([{ role: 'assistant', content: null, tool_calls: [call] }]))).toEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ ...call, function: { name: 'f', arguments: { city: 'München' } } }],
      },
    ]);
  });

  it('has the results of tools as what they say, wherever a library puts them', () => {
    const result = '{"temperature":3.5}';
    const shown = { temperature: 3.5 };
    for (const [stored, expected] of [
      [
        { role: 'tool', content: result },
        { role: 'tool', content: shown },
      ],
      [
        { type: 'tool_result', content: result },
        { type: 'tool_result', content: shown },
      ],
      [
        { type: 'tool_call_response', response: result },
        { type: 'tool_call_response', response: shown },
      ],
      [
        { type: 'tool-result', output: { type: 'json', value: result } },
        { type: 'tool-result', output: { type: 'json', value: shown } },
      ],
      [
        { type: 'function_call_output', output: result },
        { type: 'function_call_output', output: shown },
      ],
    ])
      expect(readable([stored])).toEqual([expected]);
  });

  it('has content that is a list of parts as parts', () => {
    const parts = [{ type: 'text', text: 'Hi' }];
    expect(readable({ role: 'user', content: text(parts) })).toEqual({ role: 'user', content: parts });
    const bedrock = [{ toolUse: { name: 'f', input: {} } }];
    expect(readable({ role: 'assistant', content: text(bedrock) })).toEqual({ role: 'assistant', content: bedrock });
  });

  it.each(['user', 'assistant', 'system', 'model'])('has what the %s said verbatim, also where it is JSON', (role) => {
    for (const content of ['{"city":"München"}', '[{"id":1},{"id":2}]', '[1, 2]', '[]']) {
      const message = { role, content, parts: [{ type: 'text', content }, { text: content }] };
      expect(readable([message])).toEqual([message]);
    }
  });

  it('has nothing hidden in what was hidden', () => {
    const innermost = { a: [1] };
    expect(readable({ input: text({ args: text({ query: text(innermost) }) }) })).toEqual({
      input: { args: { query: innermost } },
    });
  });

  it('gives LangChain’s serialised messages a role, and keeps the rest', () => {
    const lc = (name: string, kwargs: object) => ({
      lc: 1,
      type: 'constructor',
      id: ['langchain_core', 'messages', name],
      kwargs,
    });
    expect(readable(text({ messages: [lc('ToolMessage', { content: '{"t":3}', tool_call_id: 'c1' })] }))).toEqual({
      messages: [
        { role: 'tool', content: { t: 3 }, tool_call_id: 'c1', lc_id: ['langchain_core', 'messages', 'ToolMessage'] },
      ],
    });
    const prompt = lc('ChatPromptValue', { messages: [] });
    expect(readable(prompt)).toBe(prompt);
  });

  it('has numbers as they were: text, where JavaScript would round them', () => {
    const content = { arguments: '{"id":12345678901234567890}', other: '{"at":1790000000}' };
    expect(readable(content)).toEqual({ ...content, other: { at: 1_790_000_000 } });
    const whole = '{"id":12345678901234567890,"arguments":"{}"}';
    expect(readable(whole)).toBe(whole);
  });

  it('has text that only looks like JSON as it is', () => {
    const content = { arguments: '{"cut":', note: '[see below]', template: '{name}', empty: '' };
    expect(readable(content)).toBe(content);
  });

  it('does not change what it is given', () => {
    const content = Object.freeze({ calls: Object.freeze([Object.freeze({ arguments: '{"a":1}' })]) });
    expect(readable(content)).toEqual({ calls: [{ arguments: { a: 1 } }] });
    expect(content).toEqual({ calls: [{ arguments: '{"a":1}' }] });
  });

  it('leaves dates, bytes and other objects to those who write them', () => {
    const content = { at: new Date(0), bytes: new Uint8Array(2), map: new Map() };
    expect(readable(content)).toBe(content);
  });

  it('has JSON of more levels than can be shown as text', () => {
    const deep = `${'['.repeat(50_000)}"{}"${']'.repeat(50_000)}`;
    expect(readable(deep)).toBe(deep);
    expect(readable({ arguments: deep })).toEqual({ arguments: deep });
  });

  it('is not led into a prototype', () => {
    const shown = readable('{"__proto__":"{\\"polluted\\":true}","a":"{\\"b\\":1}"}');
    expect(text(shown)).toContain('"a":{"b":1}');
    expect(({} as { readonly polluted?: boolean }).polluted).toBeUndefined();
  });
});
