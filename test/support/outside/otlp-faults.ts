import {
  type Fields,
  faultsAmong,
  fieldsOf,
  isCost,
  isCount,
  isEnvironment,
  isHex,
  isOptionalText,
  isPromptVersion,
  listOf,
} from './fields.js';
import { readJson } from './json-reader.js';

const LEVELS = ['DEBUG', 'DEFAULT', 'WARNING', 'ERROR'];
const TYPES = [
  'span',
  'generation',
  'event',
  'embedding',
  'agent',
  'tool',
  'chain',
  'retriever',
  'guardrail',
  'evaluator',
];
const METADATA = ['langfuse.observation.metadata', 'langfuse.trace.metadata'];

export interface SentSpan {
  /** Undefined when a mask took it. */
  readonly marker: string | undefined;
  readonly id: string;
}

export function markerIn(value: unknown): string | undefined {
  return typeof value === 'string' && /^#\d+$/.test(value) ? value : undefined;
}

/** What would lose a span, or a whole request of them, on a server that takes OTLP. */
export function otlpFaults(request: unknown): {
  readonly spans: readonly SentSpan[];
  readonly faults: readonly string[];
} {
  const spans: SentSpan[] = [];
  const faults: string[] = [];
  for (const resourceSpans of listOf(fieldsOf(request)['resourceSpans']).map(fieldsOf)) {
    faults.push(...attributeFaults(fieldsOf(resourceSpans['resource'])['attributes'], 'resource'));
    for (const scopeSpans of listOf(resourceSpans['scopeSpans']).map(fieldsOf)) {
      faults.push(...attributeFaults(fieldsOf(scopeSpans['scope'])['attributes'], 'scope'));
      for (const span of listOf(scopeSpans['spans'])) {
        const own = attributesOf(fieldsOf(span));
        const marker = markerIn(own['langfuse.observation.metadata.marker']);
        const where = `span ${marker}`;
        spans.push({ marker, id: `${fieldsOf(span)['traceId']} ${fieldsOf(span)['spanId']}` });
        faults.push(...spanFaults(fieldsOf(span), where), ...langfuseFaults(own, where));
      }
    }
  }
  return { spans, faults };
}

function spanFaults(span: Fields, where: string): string[] {
  const { code, message } = fieldsOf(span['status']);
  const parent = span['parentSpanId'];
  return [
    ...faultsAmong(where, {
      'trace id': !isHex(32, span['traceId']),
      'span id': !isHex(16, span['spanId']),
      'parent id': parent !== undefined && !isHex(16, parent),
      name: typeof span['name'] !== 'string',
      kind: ![1, 2, 3, 4, 5].includes(Number(span['kind'])),
      'start time': !isNanos(span['startTimeUnixNano']),
      'end time': !isNanos(span['endTimeUnixNano']),
      'status code': code !== undefined && ![0, 1, 2].includes(code as number),
      'status message': !isOptionalText(message),
      'trace state': !isOptionalText(span['traceState']),
    }),
    ...attributeFaults(span['attributes'], where),
    ...listOf(span['events']).flatMap((event) => eventFaults(event, `${where} event`)),
    ...listOf(span['links']).flatMap((link) => linkFaults(fieldsOf(link), `${where} link`)),
  ];
}

function eventFaults(event: unknown, where: string): string[] {
  const { name, timeUnixNano, attributes } = fieldsOf(event);
  return [
    ...faultsAmong(where, { 'no event': event === null, name: typeof name !== 'string', time: !isNanos(timeUnixNano) }),
    ...attributeFaults(attributes, where),
  ];
}

function linkFaults({ traceId, spanId, attributes }: Fields, where: string): string[] {
  return [
    ...faultsAmong(where, { id: !isHex(32, traceId) || !isHex(16, spanId) }),
    ...attributeFaults(attributes, where),
  ];
}

const isNanos = (time: unknown): boolean =>
  typeof time === 'string' && /^(0|[1-9]\d*)$/.test(time) && BigInt(time) < 2n ** 64n;

function attributeFaults(attributes: unknown, where: string): string[] {
  // Mended ones may be the same: of those the last is kept.
  const keys = listOf(attributes)
    .map((attribute) => String(fieldsOf(attribute)['key']))
    .filter((key) => !key.includes('\u{FFFD}'));
  return [
    ...faultsAmong(where, { 'a key twice': new Set(keys).size < keys.length }),
    ...listOf(attributes).flatMap((attribute) => {
      const { key, value } = fieldsOf(attribute);
      const path = `${where} attribute ${JSON.stringify(key)}`;
      return [
        ...faultsAmong(path, { 'no text as key': typeof key !== 'string', 'key of a prototype': key === '__proto__' }),
        ...valueFaults(value, path),
      ];
    }),
  ];
}

/** One kind, and its value of the right type. An element of a list may be empty. */
function valueFaults(value: unknown, where: string): string[] {
  const [entry, ...more] = Object.entries(fieldsOf(value));
  if (entry === undefined || more.length > 0) return [`${where}: not one kind of value`];
  const [kind, content] = entry;
  if (kind !== 'arrayValue') return faultsAmong(where, { [`${kind} ${content}`]: !isOfKind(kind, content) });
  const items = listOf(fieldsOf(content)['values']);
  return items.flatMap((item) => {
    if (typeof item !== 'object' || item === null) return [`${where}: null in a list`];
    return Object.keys(item).length === 0 ? [] : valueFaults(item, where);
  });
}

function isOfKind(kind: string, content: unknown): boolean {
  switch (kind) {
    case 'stringValue':
      return typeof content === 'string';
    case 'boolValue':
      return typeof content === 'boolean';
    case 'intValue':
      return typeof content === 'string' && /^-?\d{1,18}$/.test(content);
    case 'doubleValue':
      return typeof content === 'number' && Number.isFinite(content);
    default:
      return false;
  }
}

function attributesOf(span: Fields): Fields {
  return Object.fromEntries(
    listOf(span['attributes']).map((attribute) => {
      const { key, value } = fieldsOf(attribute);
      const [content] = Object.values(fieldsOf(value));
      return [String(key), content];
    }),
  );
}

/** Of the attributes that the server reads by name. */
function langfuseFaults(own: Fields, where: string): string[] {
  const of = (name: string): unknown => own[`langfuse.observation.${name}`];
  const texts = ['langfuse.version', 'langfuse.release', 'langfuse.trace.name', 'user.id', 'session.id'];
  const name = of('prompt.name');
  const version = of('prompt.version');
  return [
    ...faultsAmong(where, {
      [`environment ${own['langfuse.environment']}`]: !isEnvironment(own['langfuse.environment']),
      [`level ${of('level')}`]: !LEVELS.includes(String(of('level'))),
      [`type ${of('type')}`]: !TYPES.includes(String(of('type'))),
      'a trace name of more than 1000': String(own['langfuse.trace.name'] ?? '').length > 1000,
      'a time of the first token': !isOptionalIso(of('completion_start_time')),
      'half a prompt': (name === undefined) !== (version === undefined),
      [`prompt version ${version}`]: version !== undefined && !isPromptVersion(Number(version)),
      'metadata.__proto__': METADATA.some((prefix) => `${prefix}.__proto__` in own),
      'metadata that is none': !isOptionalObject(of('metadata')) || !isOptionalObject(own['langfuse.trace.metadata']),
    }),
    ...texts.filter((key) => !isOptionalText(own[key])).map((key) => `${where}: ${key} is no text`),
    ...numberFaults(of('usage_details'), isCount, `${where} usage`),
    ...numberFaults(of('cost_details'), isCost, `${where} cost`),
  ];
}

function numberFaults(json: unknown, isGood: (value: unknown) => boolean, where: string): string[] {
  if (json === undefined) return [];
  const { value } = readJson(String(json));
  return Object.entries(fieldsOf(value))
    .filter(([key, number]) => key === '' || !isGood(number))
    .map(([key, number]) => `${where}: ${key} ${number}`);
}

const isOptionalIso = (time: unknown): boolean =>
  time === undefined || (typeof time === 'string' && /^"?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"?$/.test(time));

const isOptionalObject = (json: unknown): boolean =>
  json === undefined || (typeof json === 'string' && /^\{/.test(json));
