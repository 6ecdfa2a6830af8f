import { randomUUID } from 'node:crypto';
import { tableOf } from '../ingestion/storage-loss.js';
import type { EventRow, IngestionEvent, LocalObservation, LocalScore, LocalTrace } from '../model.js';
import type { Profile } from '../profiles.js';
import { Entity, inMergeOrder } from './entity.js';
import { mergeObservation } from './merge-observation.js';
import { mergeScore } from './merge-score.js';
import { mergeTrace } from './merge-trace.js';
import { observationOfRow, traceOfRows } from './rows.js';

type Table = ReturnType<typeof tableOf>;

/** What the server has, in memory: merged on reading, so that the rules are in one place each. */
export class Store {
  readonly #profile: Profile;
  readonly #tables: Record<Table, Map<string, Entity>> = {
    traces: new Map(),
    observations: new Map(),
    scores: new Map(),
  };
  #rows: EventRow[] = [];
  readonly #shownRows = new WeakMap<EventRow, LocalObservation>();
  readonly #deliveries = new Map<string, number>();

  constructor(profile: Profile) {
    this.#profile = profile;
  }

  /** `events` in processing order, from one request. */
  addIngestion(events: readonly IngestionEvent[]): void {
    const isV2 = this.#profile.storage === 'v2';
    for (const [entity, group] of this.#byEntity(isV2 ? events.map(withoutNulInIds) : events)) {
      if (isV2) entity.addToRow(group);
      else entity.addFile(group);
    }
  }

  /** The events spans were turned into: traces are merged with what is there, observations are written over it. */
  addMapped(events: readonly IngestionEvent[]): void {
    for (const [entity, group] of this.#byEntity(events)) {
      if (group.some((event) => tableOf(event) === 'observations')) entity.replaceRow(group);
      else entity.addToRow(inMergeOrder(group));
    }
  }

  /** The ids of what came through `/ingestion`. */
  postedIds(table: Table): ReadonlySet<string> {
    return new Set([...this.#tables[table]].filter(([, entity]) => entity.hasFiles).map(([id]) => id));
  }

  addRows(rows: readonly EventRow[]): void {
    this.#rows.push(...rows);
  }

  /** Counted when it is accepted, whatever becomes of it afterwards. */
  countDelivery(observationId: string): void {
    this.#deliveries.set(observationId, this.deliveries(observationId) + 1);
  }

  deliveries(observationId: string): number {
    return this.#deliveries.get(observationId) ?? 0;
  }

  get rows(): readonly EventRow[] {
    return this.#rows;
  }

  traces(): LocalTrace[] {
    if (this.#profile.storage !== 'events_only') return [...this.#tables.traces].map(this.#toTrace);
    const traceIds = new Set(this.#rows.map(({ traceId }) => traceId));
    return [...traceIds].flatMap((id) => this.trace(id) ?? []);
  }

  trace(id: string): LocalTrace | undefined {
    if (this.#profile.storage === 'events_only') return traceOfRows(this.#rows.filter(({ traceId }) => traceId === id));
    const entity = this.#tables.traces.get(id);
    return entity && this.#toTrace([id, entity]);
  }

  observations(): LocalObservation[] {
    if (this.#profile.storage === 'events_only') return this.#rows.map(this.#toRow);
    return [...this.#tables.observations].map(this.#toObservation);
  }

  observation(id: string): LocalObservation | undefined {
    if (this.#profile.storage === 'events_only') {
      const row = this.#rows.findLast(({ spanId }) => spanId === id);
      return row && this.#toRow(row);
    }
    const entity = this.#tables.observations.get(id);
    return entity && this.#toObservation([id, entity]);
  }

  scores(): LocalScore[] {
    return [...this.#tables.scores].map(([id, entity]) => entity.merged(() => mergeScore(id, entity)));
  }

  readonly #toTrace = ([id, entity]: [string, Entity]): LocalTrace =>
    entity.merged(() => mergeTrace(id, entity, this.#profile));

  readonly #toObservation = ([id, entity]: [string, Entity]): LocalObservation =>
    entity.merged(() => mergeObservation(id, entity, this.#profile));

  readonly #toRow = (row: EventRow): LocalObservation => {
    const shown = this.#shownRows.get(row) ?? observationOfRow(row, this.#profile);
    this.#shownRows.set(row, shown);
    return shown;
  };

  clear(): void {
    for (const table of Object.values(this.#tables)) table.clear();
    this.#rows = [];
    this.#deliveries.clear();
  }

  #byEntity(events: readonly IngestionEvent[]): Map<Entity, IngestionEvent[]> {
    const groups = new Map<Entity, IngestionEvent[]>();
    for (const event of events.flatMap(storable)) {
      const table = this.#tables[tableOf(event)];
      const id = String(event.body['id']);
      const entity = table.get(id) ?? new Entity();
      table.set(id, entity);
      groups.set(entity, [...(groups.get(entity) ?? []), event]);
    }
    return groups;
  }
}

/** PostgreSQL takes no NUL, and v2 cleans ids and sessions of it. */
function withoutNulInIds(event: IngestionEvent): IngestionEvent {
  const clean = ([key, value]: [string, unknown]): [string, unknown] =>
    typeof value === 'string' && /^id$|Id$/.test(key) ? [key, value.replaceAll('\0', '')] : [key, value];
  return { ...event, body: Object.fromEntries(Object.entries(event.body).map(clean)) };
}

/** Without an id an event is acknowledged and forgotten; without a trace an observation gets one of its own. */
function storable(event: IngestionEvent): IngestionEvent[] {
  if (typeof event.body['id'] !== 'string') return [];
  if (tableOf(event) !== 'observations' || event.body['traceId']) return [event];
  return [{ ...event, body: { ...event.body, traceId: randomUUID() } }];
}
