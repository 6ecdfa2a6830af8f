import { beforeEach, describe, expect, it } from 'vitest';
import { LangfuseSpanExporter, noopLogger } from '../../src/index.js';
import { corpusSpans } from '../support/corpus-spans.js';
import { type Allowed, compare, type Difference } from '../support/differences.js';
import { deliveriesAt, exporting } from '../support/exporting.js';
import {
  type LocalObservation,
  type LocalTrace,
  type ProfileName,
  startLocalLangfuse,
} from '../support/local-langfuse/index.js';
import { postsTo } from '../support/posts.js';

const SPANS = corpusSpans();
const ALL_DELIVERED = { delivered: SPANS.length, rejected: 0, sampledOut: 0, dropped: 0, pending: 0 };

/** What a server has after every recorded span went through the processor. */
interface World {
  readonly observations: readonly LocalObservation[];
  readonly traces: readonly LocalTrace[];
}

async function recordedSpansOn(profile: ProfileName): Promise<World> {
  // Some have files in them, which v2 has nowhere to put.
  const { server, processor, errors } = await exporting(profile, { mediaUploadEnabled: false });
  for (const span of SPANS) processor.onEnd(span);
  expect(await processor.flush()).toMatchObject(ALL_DELIVERED);
  expect(errors).toEqual([]);
  const world = { observations: server.observations(), traces: server.traces() };
  expect(deliveriesAt(server)).toEqual({ ids: SPANS.length, most: 1 });
  await processor.close();
  return world;
}

/** On v4 each row repeats what belongs to its trace, and is compared as the trace. */
function ownFields(observation: LocalObservation): LocalObservation {
  const { userId: _user, sessionId: _session, tags: _tags, public: _public, ...rest } = observation;
  const { traceName: _name, release: _release, isAppRoot: _root, ...own } = rest;
  return own;
}

let v3: World;
let v4: World;

beforeEach(async () => {
  v3 ??= await recordedSpansOn('v3.225');
  v4 ??= await recordedSpansOn('v4-events-only');
});

const observationOf = ({ id }: Difference) => v3.observations.find((one) => one.id === id);
const traceOf = (id: string | null | undefined) => v3.traces.find((one) => one.id === id);
const isIn = (path: string, ...prefixes: readonly string[]): boolean =>
  prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}.`));

const startsIn = (id: string): readonly string[] =>
  v3.observations.filter(({ traceId }) => traceId === id).map(({ startTime }) => startTime);

/** Whether the spans of a trace state different values themselves. */
const spansDisagree = (id: string, field: 'userId' | 'sessionId' | 'traceName'): boolean => {
  const said = v4.observations.filter(({ traceId }) => traceId === id).flatMap((row) => row[field] ?? []);
  return new Set(said).size > 1;
};

const TRACE_METADATA: Allowed = {
  why: 'v4 has no traces: their metadata is shown with the observations',
  allows: (difference) => {
    const [, key = ''] = difference.path.split('.');
    const metadata = traceOf(observationOf(difference)?.traceId)?.metadata as Readonly<Record<string, unknown>>;
    return isIn(difference.path, 'metadata') && difference.left === undefined && metadata[key] !== undefined;
  },
};

const TRACE_VERSION: Allowed = {
  why: 'v4 has no traces: a trace’s version is shown with the observations that have none',
  allows: (difference) =>
    difference.path === 'version' &&
    difference.left === undefined &&
    String(difference.right) === traceOf(observationOf(difference)?.traceId)?.version,
};

const GENERATION_FIELDS = ['model', 'modelParameters', 'usageDetails', 'costDetails', 'completionStartTime'] as const;

const KEPT_AS_METADATA: Allowed = {
  why: 'what spans and events have no place for in the older tables goes with ingestion events as metadata',
  allows: ({ path, right }) => path.startsWith('metadata.langfuse.observation.') && right === undefined,
};

const ROWS_OF_V4: readonly Allowed[] = [
  KEPT_AS_METADATA,
  {
    why: 'before v4 spans and events have no place for tokens and parameters',
    allows: (difference) =>
      isIn(difference.path, ...GENERATION_FIELDS) &&
      difference.left === undefined &&
      ['SPAN', 'EVENT'].includes(observationOf(difference)?.type ?? ''),
  },
  {
    why: 'before v4 events have no end',
    allows: (difference) =>
      difference.path === 'endTime' && difference.left === undefined && observationOf(difference)?.type === 'EVENT',
  },
];

/** The server writes these itself, over what is sent, when it turns spans into the events of its older tables. */
const OWN_BLOCKS: Allowed = {
  why: 'with its older tables v4 fills these blocks of the metadata itself',
  allows: ({ path }) => isIn(path, 'metadata.attributes', 'metadata.scope', 'metadata.resourceAttributes'),
};

const TRACES_ON_V4: readonly Allowed[] = [
  {
    why: 'v3 shows the metadata of a call with its trace as well; on v4 that would be with every span',
    allows: ({ id, path, left, right }) => {
      const [field, ...rest] = path.split('.');
      const inside = v3.observations.filter(
        ({ traceId, parentObservationId }) => traceId === id && parentObservationId !== null,
      );
      const keys = inside.flatMap(({ metadata }) => Object.keys(metadata as object));
      return field === 'metadata' && right === undefined && left !== undefined && keys.includes(rest.join('.'));
    },
  },
  {
    why: 'the older tables keep the time of the event that arrives first, and the root may come in a later request',
    allows: ({ id, path, left, right }) =>
      path === 'timestamp' && [left, right].every((time) => startsIn(id).includes(String(time))),
  },
];

/** With its older tables v4 merges what spans say of their trace by their start, so that a child overrules its root. */
const LAST_STARTED_SPEAKS: readonly Allowed[] = [
  {
    why: 'spans disagree on the user or the session',
    allows: ({ id, path }) => (path === 'userId' || path === 'sessionId') && spansDisagree(id, path),
  },
  {
    why: 'the entry of another process, which knows no other name, starts after the root',
    allows: ({ id, path }) => path === 'name' && spansDisagree(id, 'traceName'),
  },
];

const SAME = { unexplained: [], needless: [] };

describe('every recorded span', () => {
  it('is the same observation on v4, by OTLP, as on v3, by ingestion events', () => {
    const right = v4.observations.map(ownFields);
    expect(compare(v3.observations, right, [TRACE_METADATA, TRACE_VERSION, ...ROWS_OF_V4])).toEqual(SAME);
  });

  it('makes the same traces on v4 as on v3', () => {
    expect(compare(v3.traces, v4.traces, TRACES_ON_V4)).toEqual(SAME);
  });

  it.each(['v4-dual', 'v4-legacy'] as const)('makes the same in the older tables of %s', async (profile) => {
    const older = await recordedSpansOn(profile);
    expect(compare(v3.observations, older.observations, [TRACE_VERSION, OWN_BLOCKS, KEPT_AS_METADATA])).toEqual(SAME);
    expect(compare(v3.traces, older.traces, [...TRACES_ON_V4, OWN_BLOCKS, ...LAST_STARTED_SPEAKS])).toEqual(SAME);
  });

  it('makes the same rows on v4 whether it keeps its older tables or not', async () => {
    const { server, processor } = await exporting('v4-dual');
    for (const span of SPANS) processor.onEnd(span);
    await processor.flush();
    const rowOf = (id: string) => server.rows().find(({ spanId }) => spanId === id);
    for (const { id, name, type, userId, traceName, usageDetails } of v4.observations)
      expect(rowOf(id)).toMatchObject({ name, type, userId, traceName, usageDetails });
  });

  it.each(['v2.95', 'v3.37', 'v3.97', 'v3.160', 'cloud'] as const)('is taken by %s, and kept', async (profile) => {
    const { observations, traces } = await recordedSpansOn(profile);
    expect(observations).toHaveLength(v3.observations.length);
    expect(traces).toHaveLength(v3.traces.length);
    const content = ({ id, input, output }: LocalObservation) => ({ id, input, output });
    expect(compare(v3.observations.map(content), observations.map(content), [])).toEqual(SAME);
  });

  it.each(['v3.225', 'v4-events-only'] as const)('goes through the exporter as well, to %s', async (profile) => {
    const server = await startLocalLangfuse({ profile });
    const { baseUrl, publicKey, secretKey } = server;
    const exporter = new LangfuseSpanExporter({
      mediaUploadEnabled: false,
      baseUrl,
      publicKey,
      secretKey,
      logger: noopLogger,
    });
    const results: unknown[] = [];
    for (let from = 0; from < SPANS.length; from += 100)
      exporter.export(SPANS.slice(from, from + 100), (result) => results.push(result));
    expect((await exporter.close()).delivered).toBe(SPANS.length);
    expect(results).toEqual(Array.from({ length: Math.ceil(SPANS.length / 100) }, () => ({ code: 0 })));
    const world = profile === 'v3.225' ? v3 : v4;
    expect(compare(world.observations, server.observations(), [])).toEqual(SAME);
    expect(postsTo(server).every(({ status }) => status === 200 || status === 207)).toBe(true);
    await server.close();
  });
});
