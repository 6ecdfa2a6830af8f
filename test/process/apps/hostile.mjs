// Spans of which every part may be what servers choke on. The same seed makes the same ones.

/** Random numbers that come again with the same seed (mulberry32). */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Names that some convention or server reads, also under names that only begin like one. */
const KEYS = [
  ...['input', 'output', 'metadata', 'metadata.note', 'metadata.__proto__', 'usage_details', 'cost_details']
    .concat(['prompt.name', 'prompt.version', 'model.name', 'model.parameters', 'level', 'status_message', 'type'])
    .concat(['completion_start_time', 'metadata.attributes', 'metadata.scope', 'metadata.resourceAttributes'])
    .concat(['metadata.events', 'metadata.repaired', 'metadata.'])
    .map((name) => `langfuse.observation.${name}`),
  ...['name', 'input', 'output', 'metadata', 'metadata.plan', 'metadata.__proto__', 'tags', 'public'].map(
    (name) => `langfuse.trace.${name}`,
  ),
  ...['environment', 'release', 'version', 'internal.is_app_root', 'internal.as_root', 'experiment.id']
    .concat(['experiment.item.root_observation_id', 'experiment.metadata', 'unheard.of'])
    .map((name) => `langfuse.${name}`),
  ...['user.id', 'session.id', 'langfuse.user.id', 'langfuse.session.id', 'enduser.id', 'deployment.environment'],
  ...['operation.name', 'system', 'provider.name', 'request.model', 'response.model', 'response.id', 'tool.name']
    .concat(['input.messages', 'output.messages', 'system_instructions', 'tool.definitions', 'response.finish_reasons'])
    .concat(['usage.input_tokens', 'usage.output_tokens', 'usage.cost', 'request.temperature', 'tool.call.arguments'])
    .concat(['prompt', 'completion', 'prompt.0.content', 'prompt.1000000000.content', 'conversation.id', 'agent.name'])
    .map((name) => `gen_ai.${name}`),
  ...['input_messages.0.message.content', 'input_messages.1000000000.message.content', 'token_count.prompt']
    .concat([
      'model_name',
      'invocation_parameters',
      'output_messages.0.message.tool_calls.0.tool_call.function.arguments',
    ])
    .map((name) => `llm.${name}`),
  ...['openinference.span.kind', 'input.value', 'input.mime_type', 'output.value', 'metadata', 'tag.tags', 'tags'],
  ...['ai.prompt', 'ai.prompt.messages', 'ai.response.text', 'ai.response.toolCalls', 'ai.operationId', 'ai.model.id'],
  ...[
    'ai.telemetry.metadata.x',
    'ai.usage.promptTokens',
    'traceloop.entity.input',
    'traceloop.span.kind',
    'genkit:input',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    '',
    '.',
    'lk.input',
    'pydantic-ai',
    'all_messages_events',
    'exception.type',
  ],
];
const WORDS = [
  'chat',
  'generation',
  'LLM',
  'ERROR',
  'invoke_agent',
  'true',
  '[]',
  '{}',
  '12.7',
  'null',
  'NaN',
  '3',
  '',
];
const NUMBERS = [
  1e25,
  1e19,
  1e15,
  1e6,
  -5,
  0.5,
  2 ** 53,
  2 ** 53 - 1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -0,
  7,
  65_536,
];
const MEDIA = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const BAD_IDS = ['', 'x"', 'cut \ud83d', 'FFFF', '\0', '6f9619ff-8b86-d011-b42d-00cf4fc964ff', '__proto__', '\\'];

export class Hostile {
  constructor(seed) {
    this.next = randomOf(seed);
  }

  below(limit) {
    return Math.floor(this.next() * limit);
  }

  of(choices) {
    return choices[this.below(choices.length)];
  }

  /** One of them is called, the first ones more often. */
  one(...makers) {
    return makers[this.below(makers.length)]();
  }

  times(most, make) {
    return Array.from({ length: this.below(most + 1) }, make);
  }

  /** Any UTF-16 units, broken ones more often than chance has it. */
  units(most) {
    const unit = () =>
      this.one(
        () => String.fromCharCode(0xd800 + this.below(0x800)),
        () => String.fromCharCode(this.below(0x10000)),
        () => this.of(['\0', '"', '\\', '\u2028', '\ufeff', '\ufffd', '\x7f', '\x1f', '\n']),
        () => this.of(['😀', '東', 'é', 'e\u0301', 'ﬃ']),
        () => String.fromCharCode(0x20 + this.below(0x5f)),
      );
    return this.times(most, unit).join('');
  }

  /** JSON of which any character of a string may be written as an escape, in capitals or not. */
  json(depth = 0) {
    const blank = () => this.of(['', '', '', ' ', '\n\t', '\r']);
    const inner = () => `${blank()}${this.json(depth + 1)}${blank()}`;
    if (depth > 3) return this.literal(this.text(depth));
    return this.one(
      () =>
        `{${this.times(3, () => `${this.literal(this.of([this.text(depth), '__proto__', 'a']))}:${inner()}`).join()}}`,
      () => `[${this.times(3, inner).join()}]`,
      () => this.literal(this.text(depth + 1)),
      () => this.of(['1e400', '-0', '1.0', '123456789012345678901234567890', 'true', 'null', '1E+2']),
    );
  }

  literal(text) {
    const often = this.of([0, 0.02, 0.3, 1]);
    const units = text.split('').map((unit) => {
      const hex = unit.charCodeAt(0).toString(16).padStart(4, '0');
      return this.next() < often ? `\\u${this.of([hex, hex.toUpperCase()])}` : JSON.stringify(unit).slice(1, -1);
    });
    // A pair is well-formed only as a whole, and as such it was split.
    return `"${units.join('').replace(/\\ud83d\\ude00/g, '😀')}"`;
  }

  deep() {
    const depth = this.of([80, 91, 101, 130, 400, 2_000]) + this.below(8);
    const [open, close] = this.of([
      ['[', ']'],
      ['{"a":', '}'],
      ['[{"b":[', ']}]'],
      ['[["",', ']]'],
    ]);
    return `${open.repeat(depth)}${this.literal(this.units(6))}${close.repeat(depth)}`;
  }

  /** What the SDK's limits, or `slice` in an application, leave of a long text: cut anywhere. */
  huge(size = this.of([1_100, 20_100, 140_000])) {
    const text = this.of(['😀', 'é😀', '😀"', '\\😀', '{"a":"😀"},', '\0😀']);
    return `${this.of(['', 'x'])}${text.repeat(Math.ceil(size / text.length))}`.slice(0, size + this.below(4));
  }

  text(depth = 0) {
    return this.one(
      () => this.units(12),
      () => this.of(WORDS),
      () => (depth > 3 ? 'deep' : this.json(depth + 1)),
      () => (depth > 3 ? '\ud83d' : `${this.of(['', ' ', '\n'])}${this.json(depth + 1)}`.slice(0, 5 + this.below(400))),
      () => (depth > 1 || this.next() < 0.5 ? this.units(3) : this.deep()),
      () => (depth > 0 || this.next() < 0.8 ? this.units(40) : this.huge()),
      () =>
        `data:${this.of(['image/png', 'image/\0', 'x/\ud83d', 'audio/wav', ''])};base64,${MEDIA}${this.of(['', '\0'])}`,
    );
  }

  number() {
    return this.next() < 0.6 ? this.of(NUMBERS) : (this.next() - 0.3) * 10 ** this.below(30);
  }

  object(depth) {
    let value = this.text(1);
    for (let level = this.of([95, 120, 300]); depth === 0 && level > 0; level--)
      value = level % 3 === 0 ? [value, null, undefined] : { [this.of(['a', 'b\ud83d', '__proto_'])]: value };
    return value;
  }

  /** Anything that JavaScript lets somebody put there. */
  value(depth = 0) {
    if (depth > 2 || this.next() < 0.5) return this.text();
    return this.one(
      () => this.number(),
      () => this.of([null, undefined, true, false, 10n ** 30n, Symbol('\ud83d'), new Date(Number.NaN), () => 1]),
      () => this.times(4, () => this.value(depth + 1)),
      () => Object.fromEntries(this.times(4, () => [this.text(2), this.value(depth + 1)])),
      () =>
        new Map([
          [this.text(2), this.value(depth + 1)],
          [{}, this.units(3)],
        ]),
      () => JSON.parse(`{"__proto__":{"a":${JSON.stringify(this.units(4))}}}`),
      () => this.object(depth),
      () => new Uint8Array([0, 216, 61]),
      () => ({ toJSON: () => '\ud83d\0' }),
    );
  }

  key() {
    return this.one(
      () => this.of(KEYS),
      () => this.of(KEYS),
      () => this.of(KEYS),
      () => `${this.of(KEYS)}.${this.units(3)}`,
      () => this.text(2),
    );
  }

  attributes(most = 12) {
    // With a key `__proto__` of its own, as no literal would have it.
    return Object.fromEntries(this.times(most, () => [this.key(), this.value()]));
  }

  /** What a real SDK takes: texts, numbers, booleans, and lists of them. */
  plainAttributes() {
    const plain = () =>
      this.one(
        () => this.text(),
        () => this.number(),
        () => this.next() < 0.5,
        () => this.times(4, () => this.of([this.text(), this.text(), null, undefined])),
        () => this.times(4, () => this.number()),
      );
    return Object.fromEntries(this.times(12, () => [this.key(), plain()]));
  }

  hex(digits) {
    return Array.from({ length: digits }, () => this.below(16).toString(16)).join('');
  }

  /** Unlike any other of its kind, good or bad. */
  id(digits, n) {
    if (this.next() < 0.7) return this.hex(digits);
    return this.of([`${this.of(BAD_IDS)}${n}`, this.hex(digits).toUpperCase(), `${this.hex(digits)}${n}`]);
  }

  time() {
    return this.of([
      ...Array(6).fill([1_790_000_000 + this.below(1_000), this.below(1e9)]),
      ...[
        [0, 0],
        [253_402_300_799, 999_999_999],
        [1_790_000_000.5, 0.25],
        [-1, 0],
        [1e300, 5],
        [Number.NaN, 0],
      ],
      ...[undefined, 'yesterday', [], ['1', '2']],
    ]);
  }

  /** A finished span as somebody may hand it over who has no SDK. Its id is its own, its trace's is shared with others. */
  span(n, marker, resource) {
    const traceId = this.next() < 0.5 ? `${'0'.repeat(30)}${10 + this.below(8)}` : this.id(32, n % 9);
    const parent = { traceId, spanId: this.of([this.hex(16), ...BAD_IDS, '0'.repeat(16)]), traceFlags: 1 };
    const spanId = this.id(16, n);
    return {
      name: this.of([this.text(), this.text(), this.text(), 5, null]),
      kind: this.of([0, 1, 2, 3, 4, 9, -1, 'client']),
      startTime: this.time(),
      endTime: this.time(),
      status: this.of([
        { code: this.of([0, 1, 2, 7, '2', null]), message: this.text() },
        { code: 2, message: 5 },
      ]),
      attributes: { ...this.attributes(), ...marker },
      events: this.times(3, () => ({ name: this.text(), time: this.time(), attributes: this.attributes(4) })),
      links: this.times(2, () => ({
        context: { traceId: this.id(32, n), spanId: this.id(16, n), traceFlags: 1 },
        attributes: this.attributes(4),
      })),
      resource,
      instrumentationScope: { name: this.text(), version: this.text(), attributes: this.attributes(3) },
      ...(this.next() < 0.5 ? { parentSpanContext: { ...parent, isRemote: this.next() < 0.3 } } : {}),
      spanContext: () => ({ traceId, spanId, traceFlags: 1 }),
    };
  }
}
