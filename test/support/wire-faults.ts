import type { Protocol } from '../../src/index.js';
import { MAX_JSON_DEPTH } from '../../src/wire-rules.js';

/** What in a request's bytes breaks the rules of what may leave; written apart from the code that keeps to them. */
export function wireFaults(protocol: Protocol, body: Uint8Array): string[] {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  const value: unknown = JSON.parse(text);
  const faults = textFaults(value, '');
  if (depthOf(value) > MAX_JSON_DEPTH) faults.push(`nested ${depthOf(value)} deep`);
  return [...faults, ...(protocol === 'otlp' ? exportFaults(value) : eventFaults(value))];
}

type Fields = { readonly [key: string]: unknown };

/** Of every string and key, also of what a server gets by parsing a string that is JSON. */
function textFaults(value: unknown, path: string): string[] {
  if (typeof value === 'string') return [...ownFaults(value, path), ...parsedFaults(value, path)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(Array.isArray(value) ? [] : textFaults(key, `${path} (key)`)),
    ...textFaults(inner, `${path}.${key}`),
  ]);
}

function ownFaults(text: string, path: string): string[] {
  return [
    ...(text.isWellFormed() ? [] : [`${path}: half a character`]),
    ...(text.includes('\0') ? [`${path}: U+0000`] : []),
  ];
}

function parsedFaults(text: string, path: string): string[] {
  if (!/^\s*["[{]/.test(text)) return [];
  try {
    const value: unknown = JSON.parse(text);
    const depth = depthOf(value);
    return [
      ...(depth > MAX_JSON_DEPTH ? [`${path}: JSON text nested ${depth} deep`] : []),
      ...textFaults(value, `${path} (text)`),
    ];
  } catch {
    return [];
  }
}

/** Level by level, since what is looked for would break a recursion. */
function depthOf(value: unknown): number {
  let depth = 0;
  for (let level = [value].filter(isFields); level.length > 0; depth++)
    level = level.flatMap((parent) => Object.values(parent).filter(isFields));
  return depth;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function list(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value : [];
}

function eventFaults(value: unknown): string[] {
  const events = list((value as Fields)['batch']);
  return events.flatMap(({ id, type, timestamp, body }) => {
    const of = body as Fields;
    const where = String(id);
    const isTrace = type === 'trace-create';
    return [
      ...(isHex(of['id'], isTrace ? 32 : 16) ? [] : [`${where}: id ${of['id']}`]),
      ...(isTrace || isHex(of['traceId'], 32) ? [] : [`${where}: traceId`]),
      ...parentFaults(of['parentObservationId'], where),
      ...[timestamp, of['startTime'], of['endTime'], of['completionStartTime']]
        .filter((time) => time !== undefined && !isIso(time))
        .map((time) => `${where}: time ${time}`),
      ...environmentFaults(of['environment'], where),
      ...metadataFaults(of['metadata'], where),
      ...numberFaults(of['usageDetails'], isCount, `${where}: usage`),
      ...numberFaults(of['costDetails'], isCost, `${where}: cost`),
      ...numberFaults(countsIn(of['usage']), isCount, `${where}: old usage`),
      ...promptFaults(of['promptName'], of['promptVersion'], where),
    ];
  });
}

function countsIn(usage: unknown): unknown {
  return Object.fromEntries(
    Object.entries((usage as Fields | undefined) ?? {}).filter(([key]) => !/unit|totalCost/.test(key)),
  );
}

function exportFaults(value: unknown): string[] {
  return list((value as Fields)['resourceSpans']).flatMap(({ resource, scopeSpans }) => [
    ...attributeFaults((resource as Fields)['attributes'], 'resource'),
    ...list(scopeSpans).flatMap(({ spans }) => list(spans).flatMap(spanFaults)),
  ]);
}

function spanFaults(span: Fields): string[] {
  const where = String(span['spanId']);
  const attributes = list(span['attributes']);
  const of = (key: string): unknown =>
    Object.values((attributes.find((one) => one['key'] === key)?.['value'] as Fields) ?? {})[0];
  const numbersIn = (key: string): unknown => JSON.parse(String(of(key) ?? '{}'));
  return [
    ...(isHex(span['traceId'], 32) ? [] : [`${where}: traceId`]),
    ...(isHex(span['spanId'], 16) ? [] : [`${where}: spanId`]),
    ...parentFaults(span['parentSpanId'], where),
    ...[span['startTimeUnixNano'], span['endTimeUnixNano']]
      .filter((time) => !isNanos(time))
      .map(() => `${where}: time`),
    ...([0, 1, 2].includes(Number((span['status'] as Fields)['code'])) ? [] : [`${where}: status`]),
    ...attributeFaults(attributes, where),
    // Any other key might be one that a rule for another vendor is about.
    ...attributes
      .map(({ key }) => String(key))
      .filter((key) => !/^(langfuse\.|user\.id$|session\.id$)/.test(key) || key.endsWith('.metadata.__proto__'))
      .map((key) => `${where}: attribute ${key}`),
    ...list(span['events']).flatMap(({ timeUnixNano, attributes: own }) => [
      ...(isNanos(timeUnixNano) ? [] : [`${where}: time of an event`]),
      ...attributeFaults(own, `${where}: event`),
    ]),
    ...list(span['links']).flatMap(({ traceId, spanId, attributes: own }) => [
      ...(isHex(traceId, 32) && isHex(spanId, 16) ? [] : [`${where}: link`]),
      ...attributeFaults(own, `${where}: link`),
    ]),
    ...environmentFaults(of('langfuse.environment'), where),
    ...numberFaults(numbersIn('langfuse.observation.usage_details'), isCount, `${where}: usage`),
    ...numberFaults(numbersIn('langfuse.observation.cost_details'), isCost, `${where}: cost`),
    ...promptFaults(of('langfuse.observation.prompt.name'), of('langfuse.observation.prompt.version'), where),
  ];
}

function attributeFaults(attributes: unknown, where: string): string[] {
  return list(attributes).flatMap(({ key, value }) => {
    const kinds = isFields(value) ? Object.entries(value) : [];
    const [kind] = kinds;
    const values = kind && isFields(kind[1]) ? list(kind[1]['values']) : [];
    return [
      ...(kinds.length === 1 && kind?.[1] !== null ? [] : [`${where}: ${key} has ${kinds.length} values`]),
      ...(values.every((one) => isFields(one)) ? [] : [`${where}: null in ${key}`]),
      ...(key === '__proto__' ? [`${where}: key ${key}`] : []),
    ];
  });
}

function parentFaults(id: unknown, where: string): string[] {
  return id === undefined || (isHex(id, 16) && id !== '0'.repeat(16)) ? [] : [`${where}: parent ${id}`];
}

function environmentFaults(environment: unknown, where: string): string[] {
  const isGood = typeof environment === 'string' && /^(?!langfuse)[a-z0-9-_]{1,40}$/.test(environment);
  return isGood ? [] : [`${where}: environment ${environment}`];
}

function metadataFaults(metadata: unknown, where: string): string[] {
  if (metadata === undefined) return [];
  if (!isFields(metadata) || Array.isArray(metadata)) return [`${where}: metadata is no object`];
  return Object.hasOwn(metadata, '__proto__') ? [`${where}: metadata.__proto__`] : [];
}

function numberFaults(numbers: unknown, isGood: (value: unknown) => boolean, what: string): string[] {
  return Object.entries((numbers as Fields | undefined) ?? {})
    .filter(([key, value]) => key === '' || !isGood(value))
    .map(([key, value]) => `${what} ${key}: ${value}`);
}

function promptFaults(name: unknown, version: unknown, where: string): string[] {
  if (name === undefined && version === undefined) return [];
  const whole = Number(version);
  const isGood = typeof name === 'string' && Number.isInteger(whole) && whole >= 1 && whole <= 65_535;
  return isGood ? [] : [`${where}: prompt ${name} ${version}`];
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isCost = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value < 1e6;
const isNanos = (time: unknown): boolean => typeof time === 'string' && /^\d+$/.test(time);
const isIso = (time: unknown): boolean => typeof time === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(time);

function isHex(id: unknown, digits: number): boolean {
  return typeof id === 'string' && id.length === digits && /^[0-9a-f]+$/.test(id);
}
