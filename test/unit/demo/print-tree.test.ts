import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { printTrees } from '../../../examples/demo/print-tree.js';
import { type ObservationRow, toTrees } from '../../../examples/demo/tree.js';

const STARTED = Date.parse('2026-01-01T00:00:00.000Z');

function row(id: string, fields: Partial<ObservationRow> & { from?: number; to?: number } = {}): ObservationRow {
  const { from = 0, to = 100, ...rest } = fields;
  const startTime = new Date(STARTED + from).toISOString();
  const endTime = new Date(STARTED + to).toISOString();
  return { id, traceId: 't1', type: 'SPAN', name: id, startTime, endTime, ...rest };
}

const AGENT: readonly ObservationRow[] = [
  row('plan', {
    type: 'AGENT',
    to: 150,
    input: '{"system":"You plan.","prompt":"Plan a day trip."}',
    output: 'Take the train.',
    traceName: 'plan-trip',
    userId: 'u1',
    sessionId: 's1',
    tags: ['demo'],
  }),
  row('model', {
    type: 'GENERATION',
    parentObservationId: 'plan',
    from: 1,
    to: 80,
    model: 'gpt-5-mini',
    usageDetails: { input: 163, input_cached_tokens: 1024, output: 214, output_reasoning_tokens: 128, total: 1529 },
    output: '[{"toolCallId":"c1","toolName":"weather","input":"{\\"city\\":\\"Salzburg\\"}"}]',
  }),
  row('weather', {
    type: 'TOOL',
    parentObservationId: 'plan',
    from: 90,
    to: 110,
    input: { city: 'Salzburg' },
    output: { celsius: 21 },
  }),
];

const plain = { columns: 100, colors: false };
const print = (rows: readonly ObservationRow[], options = plain) => printTrees(toTrees(rows, []), options);

describe('the tree in the terminal', () => {
  it('shows type, name, model, tokens, time and the first words of each observation', () => {
    expect(print(AGENT)).toBe(
      [
        'plan-trip  user u1 · session s1 · tags demo',
        '                      model           in    out  total     time',
        'AGENT plan                                               150 ms',
        '│  in   Plan a day trip.',
        '│  out  Take the train.',
        '├─ GENERATION model   gpt-5-mini    1187    342   1529    79 ms',
        '│     out  weather({"city":"Salzburg"})',
        '└─ TOOL weather                                           20 ms',
        '      in   {"city":"Salzburg"}',
        '      out  {"celsius":21}',
        '',
      ].join('\n'),
    );
  });

  it('is the same in whatever order the rows come', () => {
    expect(print(AGENT.toReversed())).toBe(print(AGENT));
  });

  it('orders what started in the same millisecond by name, then by input', () => {
    const rows = [row('b', { input: 'second' }), row('c', { name: 'b', input: 'first' }), row('a', { input: 'third' })];
    const words = print(rows).match(/first|second|third/g);
    expect(words).toEqual(['third', 'first', 'second']);
  });

  it('takes the name, user, session and tags from the trace where there is one', () => {
    const trace = { id: 't1', name: 'from-the-trace', userId: 'u2', sessionId: 's2', tags: ['b', 'a'] };
    const [title] = printTrees(toTrees([row('only')], [trace]), plain).split('\n');
    expect(title).toBe('from-the-trace  user u2 · session s2 · tags a, b');
  });

  it('shows an observation whose parent is missing as a root', () => {
    expect(print([row('orphan', { parentObservationId: 'never-sent' })])).toMatch(/^SPAN orphan/m);
  });

  it('says what went wrong', () => {
    expect(print([row('failing', { level: 'ERROR', statusMessage: '429 too many' })])).toContain('fail 429 too many');
  });

  it.each([24, 40, 60, 79, 80, 100, 130])('keeps every line within %i columns', (columns) => {
    const long = 'word '.repeat(100);
    const rows = [
      row('root', { name: long, traceName: long, userId: long, input: long, tags: [long] }),
      row('child', { name: long, parentObservationId: 'root', model: long, from: 1, output: long }),
      row('grandchild', { name: long, parentObservationId: 'child', level: 'ERROR', statusMessage: long, from: 2 }),
    ];
    const widths = print(rows, { columns, colors: false })
      .split('\n')
      .map((line) => [...line].length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
  });

  it('puts model, tokens and time on a line of their own in a narrow terminal', () => {
    expect(print(AGENT, { columns: 60, colors: false })).toContain(
      '├─ GENERATION model\n│     79 ms · gpt-5-mini · 1187 in, 342 out, 1529 total\n',
    );
  });

  it('changes nothing but colours with colours', () => {
    const colored = print(AGENT, { columns: 100, colors: true });
    expect(colored).not.toBe(print(AGENT));
    expect(stripVTControlCharacters(colored)).toBe(print(AGENT));
  });

  it('lets no control character of the content reach the terminal', () => {
    const shown = print([row('x', { name: 'a\u001b[2Jb', input: 'one\u0007\r\ntwo\u001b]0;title\u0007' })]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(shown).toContain('one two');
  });
});

describe('the words of an input or output', () => {
  const messages = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: 'Hello?' }] },
  ];
  it.each([
    ['the last of several messages', messages, 'Hello?'],
    ['messages in a string of JSON', JSON.stringify({ messages }), 'Hello?'],
    [
      'messages in the parts of semantic conventions',
      [{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }],
      'Hi',
    ],
    ['an answer of OpenAI with content', { role: 'assistant', content: 'Yes.', refusal: null }, 'Yes.'],
    [
      'an answer of OpenAI with tool calls',
      { role: 'assistant', content: null, tool_calls: [{ id: '1', function: { name: 'f', arguments: '{"a":1}' } }] },
      'f({"a":1})',
    ],
    ['a whole completion of OpenAI', { id: 'c', choices: [{ index: 0, message: { content: 'Yes.' } }] }, 'Yes.'],
    ['a tool result', [{ role: 'tool', content: [{ toolName: 'f', output: { type: 'json', value: [1] } }] }], 'f: [1]'],
    ['text that only looks like JSON', '{not json', '{not json'],
    ['text over several lines', 'one\n  two', 'one two'],
    ['what it does not know, as JSON', { city: 'Salzburg' }, '{"city":"Salzburg"}'],
    ['a number', 7, '7'],
  ])('are those of %s', (_, input, words) => {
    expect(print([row('x', { input })])).toContain(`   in   ${words}\n`);
  });
});
