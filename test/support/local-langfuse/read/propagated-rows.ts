import type { EventRow, LocalObservation, LocalTrace } from '../model.js';
import { isObject } from '../store/field-rules.js';
import type { Store } from '../store/store.js';

/**
 * In the write mode `dual` what came through `/ingestion` becomes rows as well, some ten minutes later: the trace a
 * synthetic root, its observations rows below it with the fields of the trace. Here it is there at once.
 */
export function propagatedRows(store: Store): EventRow[] {
  const direct = new Set(store.rows.map(({ spanId }) => spanId));
  const [postedTraces, postedObservations] = [store.postedIds('traces'), store.postedIds('observations')];
  const traces = new Map(store.traces().map((trace) => [trace.id, trace]));
  const observations = store.observations().filter(({ id }) => postedObservations.has(id) && !direct.has(id));
  return [
    ...[...traces.values()].filter(({ id }) => postedTraces.has(id)).map(rootOf),
    ...observations.map((observation) => childOf(observation, traces.get(observation.traceId ?? ''))),
  ];
}

function rootOf(trace: LocalTrace): EventRow {
  return {
    ...EMPTY,
    ...traceFields(trace),
    traceId: trace.id,
    spanId: `t-${trace.id}`,
    name: trace.name ?? '',
    startTime: trace.timestamp,
    environment: trace.environment,
    version: trace.version,
    input: trace.input,
    output: trace.output,
    metadata: isObject(trace.metadata) ? trace.metadata : {},
  };
}

function childOf(observation: LocalObservation, trace: LocalTrace | undefined): EventRow {
  const { id, traceId, parentObservationId, metadata, name, ...same } = observation;
  return {
    ...EMPTY,
    ...same,
    promptName: null,
    promptVersion: null,
    traceId: traceId ?? '',
    spanId: id,
    parentSpanId: parentObservationId ?? `t-${traceId}`,
    name: name ?? '',
    version: observation.version ?? trace?.version ?? null,
    metadata: { ...(isObject(trace?.metadata) ? trace.metadata : {}), ...(isObject(metadata) ? metadata : {}) },
    ...(trace ? traceFields(trace) : {}),
  };
}

function traceFields({ name, userId, sessionId, tags, release, public: isPublic }: LocalTrace) {
  return { traceName: name || null, userId, sessionId, tags, release, public: isPublic };
}

const EMPTY = {
  parentSpanId: null,
  type: 'SPAN',
  endTime: null,
  level: 'DEFAULT',
  statusMessage: null,
  promptName: null,
  promptVersion: null,
  modelParameters: null,
  model: null,
  completionStartTime: null,
  usageDetails: {},
  costDetails: {},
  tags: [],
  public: false,
  isAppRoot: false,
  traceName: null,
  userId: null,
  sessionId: null,
  release: null,
};
