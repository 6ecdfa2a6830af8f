import { isDeepStrictEqual } from 'node:util';
import type { ReadBack, Reading, RecordedAnswer } from './recording.js';

type Fields = Readonly<Record<string, unknown>>;

/** How an answer differs from the recorded one, in words; nothing when it does not. */
export function compareAnswers(real: RecordedAnswer, local: RecordedAnswer, path: string): string[] {
  const differences = [
    ...unequal('status', real.status, local.status),
    ...unequal('content type', real.contentType, local.contentType),
    ...unequal('location', real.location, local.location),
  ];
  if (real.status !== local.status) return differences;
  return [...differences, ...compareBodies(real.body, local.body, path)];
}

function compareBodies(real: unknown, local: unknown, path: string): string[] {
  if (!isFields(real) || !isFields(local)) return unequal('body', real, local);
  // The job a v3 or v4 server puts into its queue is opaque: it only has to be one.
  if (real['name'] === 'otel-ingestion-job') return unequal('job', real['name'], local['name']);
  if (Array.isArray(real['successes'])) return compareResults(real, local, path.includes('/otel/'));
  return Object.keys(real).flatMap((key) => {
    if (isProse(key, real)) return [];
    if (key === 'uploadUrl') return unequal(key, typeof real[key], typeof local[key]);
    // The issues of a validator, whose prose and nesting differ between versions of zod.
    if (Array.isArray(real[key]) && key === 'error') return unequal(key, 'issues', issuesOf(local[key]));
    return unequal(key, real[key], local[key]);
  });
}

/** What an exception said is not a promise of the server's. */
function isProse(key: string, body: Fields): boolean {
  return key === 'error' && body['message'] === 'Internal Server Error';
}

/** Entry by entry; the ids of events that the server made itself, from spans, are random. */
function compareResults(real: Fields, local: Fields, hasRandomIds: boolean): string[] {
  const entries = (list: unknown): unknown =>
    Array.isArray(list)
      ? list.map(({ id, status, message }: Fields) => (hasRandomIds ? { status, message } : { id, status, message }))
      : list;
  return ['successes', 'errors'].flatMap((key) => unequal(key, entries(real[key]), entries(local[key])));
}

function issuesOf(value: unknown): unknown {
  return Array.isArray(value) && value.length > 0 ? 'issues' : value;
}

export const TRACE_FIELDS =
  'timestamp name userId sessionId public environment release version input output metadata tags';
export const OBSERVATION_FIELDS =
  'traceId type name startTime endTime parentObservationId level statusMessage version environment input output metadata ' +
  'model modelParameters usageDetails costDetails completionStartTime promptName promptVersion ' +
  'userId sessionId tags traceName release public isRootObservation usage';

/** What is readable afterwards: the same traces and observations, with the same fields. */
export function compareReadBacks(real: ReadBack, local: ReadBack): string[] {
  const trace = compareReading('trace', real, local, (r, l) => compareFields(TRACE_FIELDS, r, l, 'trace'));
  const lists = (['observations', 'v2observations'] as const).flatMap((reading) =>
    compareReading(reading, real, local, (r, l) => compareLists(reading, r['data'], l['data'])),
  );
  return [...trace, ...lists];
}

function compareReading(
  reading: Reading,
  real: ReadBack,
  local: ReadBack,
  compare: (real: Fields, local: Fields) => string[],
): string[] {
  const [r, l] = [real[reading], local[reading]];
  if (r.status !== l.status) return [`${reading}: status ${r.status} became ${l.status}`];
  if (!isFields(r.body) || !isFields(l.body)) return unequal(reading, r.body, l.body);
  return r.status === 200 ? compare(r.body, l.body) : unequal(reading, r.body, l.body);
}

function compareLists(reading: Reading, real: unknown, local: unknown): string[] {
  const [r, l] = [byId(real), byId(local)];
  const missing = [...r.keys()].filter((id) => !l.has(id)).map((id) => `${reading}: ${id} is missing`);
  const surplus = [...l.keys()].filter((id) => !r.has(id)).map((id) => `${reading}: ${id} is surplus`);
  return [...missing, ...surplus, ...[...r].flatMap(([id, fields]) => compareOne(reading, id, fields, l.get(id)))];
}

function compareOne(reading: Reading, id: string, real: Fields, local: Fields | undefined): string[] {
  return local ? compareFields(OBSERVATION_FIELDS, real, local, `${reading} ${id}`) : [];
}

function compareFields(names: string, real: Fields, local: Fields, where: string): string[] {
  return names.split(' ').flatMap((name) => {
    const value = real[name];
    // Set by the server's clock, for v2 does not take the envelope's time: it was night, and what was sent says 8:00.
    if (typeof value === 'string' && /^2026-11-2(3T2\d|4T0\d):/.test(value)) return [];
    return name in real ? unequal(`${where}: ${name}`, value, local[name]) : [];
  });
}

function byId(list: unknown): Map<string, Fields> {
  return new Map(Array.isArray(list) ? list.map((one: Fields) => [String(one['id']), one]) : []);
}

function unequal(what: string, real: unknown, local: unknown): string[] {
  return isDeepStrictEqual(real, local) ? [] : [`${what}: ${show(real)} became ${show(local)}`];
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
