import {
  type Fields,
  faultsAmong,
  fieldsOf,
  hasKey,
  isCost,
  isCount,
  isEnvironment,
  isHex,
  isOptionalText,
  isPromptVersion,
  listOf,
} from './fields.js';
import { markerIn, type SentSpan } from './otlp-faults.js';

const LEVELS = ['DEBUG', 'DEFAULT', 'WARNING', 'ERROR'];
const OLD_TYPES = ['span', 'generation', 'event'];
const TYPES = [...OLD_TYPES, 'agent', 'tool', 'chain', 'retriever', 'evaluator', 'embedding', 'guardrail'];
/** From here on all types are known. */
const FIRST_WITH_TYPES = '3.98.2';

/** What would lose an event, or its neighbours, on a server that takes events. */
export function eventFaults(
  request: unknown,
  version: string,
): { readonly spans: readonly SentSpan[]; readonly ids: readonly string[]; readonly faults: readonly string[] } {
  const types = version.localeCompare(FIRST_WITH_TYPES, 'en', { numeric: true }) < 0 ? OLD_TYPES : TYPES;
  const spans: SentSpan[] = [];
  const ids: string[] = [];
  const faults: string[] = [];
  for (const event of listOf(fieldsOf(request)['batch']).map(fieldsOf)) {
    const { id, type, timestamp } = event;
    const body = fieldsOf(event['body']);
    ids.push(String(id));
    const marker = markerIn(fieldsOf(body['metadata'])['marker']);
    const where = `${type} ${marker}`;
    faults.push(
      ...faultsAmong(where, {
        'id of the event': typeof id !== 'string' || id === '' || id.length > 800,
        'time of the event': !isIso(timestamp),
        'a key __proto__': hasKey(event, '__proto__'),
      }),
    );
    if (type === 'trace-create') faults.push(...traceFaults(body, where));
    else {
      spans.push({ marker, id: `${body['traceId']} ${body['id']}` });
      faults.push(...faultsAmong(where, { type: !types.some((known) => type === `${known}-create`) }));
      faults.push(...observationFaults(body, where));
    }
  }
  return { spans, ids, faults };
}

function traceFaults(trace: Fields, where: string): string[] {
  const { tags = [], metadata = {} } = trace;
  return [
    ...faultsAmong(where, {
      id: !isHex(32, trace['id']),
      time: !isIso(trace['timestamp']),
      'a name of more than 1000': String(trace['name'] ?? '').length > 1000,
      'tags that are no texts': !Array.isArray(tags) || tags.some((tag) => typeof tag !== 'string'),
      public: !['undefined', 'boolean'].includes(typeof trace['public']),
      metadata: !isObject(metadata),
      environment: !isEnvironment(trace['environment']),
    }),
    ...textsAmong(trace, ['name', 'userId', 'sessionId', 'release', 'version'], where),
  ];
}

function observationFaults(body: Fields, where: string): string[] {
  const { parentObservationId: parent, endTime, completionStartTime: first, promptName, promptVersion } = body;
  return [
    ...faultsAmong(where, {
      id: !isHex(16, body['id']),
      'trace id': !isHex(32, body['traceId']),
      'parent id': parent !== undefined && !isHex(16, parent),
      'start time': !isIso(body['startTime']),
      'end time': endTime !== undefined && !isIso(endTime),
      'time of the first token': first !== undefined && !isIso(first),
      [`environment ${body['environment']}`]: !isEnvironment(body['environment']),
      level: !LEVELS.includes(String(body['level'])),
      metadata: !isObject(body['metadata']),
      'half a prompt': (promptName === undefined) !== (promptVersion === undefined) || promptName === '',
      [`prompt version ${promptVersion}`]: promptVersion !== undefined && !isPromptVersion(promptVersion),
      'a parameter that is no word': !Object.values(fieldsOf(body['modelParameters'])).every(isWord),
    }),
    ...textsAmong(body, ['name', 'statusMessage', 'version', 'model', 'promptName'], where),
    ...numbersAmong(body['usageDetails'], isCount, `${where} usage`),
    ...numbersAmong(body['costDetails'], isCost, `${where} cost`),
    ...oldUsageFaults(fieldsOf(body['usage']), where),
  ];
}

function textsAmong(fields: Fields, names: readonly string[], where: string): string[] {
  return names.filter((name) => !isOptionalText(fields[name])).map((name) => `${where}: ${name} is no text`);
}

function numbersAmong(numbers: unknown, isGood: (value: unknown) => boolean, where: string): string[] {
  return Object.entries(fieldsOf(numbers))
    .filter(([key, value]) => key === '' || !isGood(value))
    .map(([key, value]) => `${where}: ${key} ${value}`);
}

function oldUsageFaults({ unit, totalCost, ...counts }: Fields, where: string): string[] {
  return [
    ...faultsAmong(where, {
      'unit of the usage': unit !== undefined && unit !== 'TOKENS',
      'total cost': totalCost !== undefined && !isCost(totalCost),
    }),
    ...numbersAmong(counts, isCount, `${where} old usage`),
  ];
}

const isWord = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const isIso = (time: unknown): boolean =>
  typeof time === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(time) && !Number.isNaN(Date.parse(time));
