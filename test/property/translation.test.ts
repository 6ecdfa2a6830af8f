import { describe, expect, it } from 'vitest';
import { ingestionEncoder } from '../../src/encode/ingestion.js';
import { otlpEncoder } from '../../src/encode/otlp.js';
import type { ServerTraits } from '../../src/ports.js';
import { Translation } from '../../src/preparation/translation.js';
import type { SpanLike } from '../../src/span.js';
import { anySpan } from '../support/attribute-bags.js';
import { validate } from '../support/local-langfuse/ingestion/validate.js';
import type { EventRow, IngestionEvent } from '../support/local-langfuse/model.js';
import { applySchema, rejectionOf, toEventRows, toIngestionEvents } from '../support/local-langfuse/otlp/index.js';
import { PROFILE_NAMES, profileNamed } from '../support/local-langfuse/profiles.js';
import { mergedUsage } from '../support/local-langfuse/store/usage.js';
import { fc } from '../support/seeded-check.js';
import { spanLike } from '../support/spans.js';

const OLD: ServerTraits = { manyTypes: false, oldUsage: true, wantsStructures: true };
const NEW: ServerTraits = { manyTypes: true, oldUsage: false, wantsStructures: false };
const INGESTION = PROFILE_NAMES.map(profileNamed).filter(
  ({ hasIngestion, storage }) => hasIngestion && storage !== 'events_only',
);

function eventsOf(span: SpanLike, traits: ServerTraits): IngestionEvent[] {
  const { body } = ingestionEncoder.encode([new Translation({ options: {} }).toRecordNow(span)], traits);
  return (JSON.parse(new TextDecoder().decode(body)) as { readonly batch: IngestionEvent[] }).batch;
}

function exportOf(span: SpanLike): unknown {
  return JSON.parse(
    new TextDecoder().decode(otlpEncoder.encode([new Translation({ options: {} }).toRecordNow(span)], NEW).body),
  );
}

const RUNS = { numRuns: 150 };

describe('whatever attributes a span has', () => {
  it('its events are valid on every server', () => {
    fc.assert(
      fc.property(anySpan, (span) => {
        for (const profile of INGESTION) {
          const events = eventsOf(span, profile.hasAgentTypes ? NEW : OLD);
          for (const event of events) expect(validate(profile, event)).toMatchObject({ kind: 'valid' });
        }
      }),
      RUNS,
    );
  });

  it('its OTLP is taken whole, makes one row, and valid events for the older tables', () => {
    fc.assert(
      fc.property(anySpan, (span) => {
        const body = exportOf(span);
        expect(rejectionOf(body)).toBeUndefined();
        expect(toEventRows(body)).toHaveLength(1);
        const events = toIngestionEvents(body, new Set());
        expect(events.length).toBeGreaterThan(0);
        for (const event of events) expect(applySchema(event)).toBeDefined();
      }),
      RUNS,
    );
  });

  it('it becomes the same every time, and is left as it was', () => {
    fc.assert(
      fc.property(anySpan, (span) => {
        const before = describeAll(span.attributes);
        expect(eventsOf(span, NEW)).toEqual(eventsOf(span, NEW));
        expect(describeAll(span.attributes)).toEqual(before);
      }),
      RUNS,
    );
  });

  it('it is the same observation by either protocol', () => {
    fc.assert(
      fc.property(anySpan, (span) => {
        const event = eventsOf(span, NEW).find(({ type }) => type !== 'trace-create');
        const [row] = toEventRows(exportOf(span));
        expect(row && shownIn(row)).toEqual(event && shownBy(event));
      }),
      { ...RUNS, examples: ['{" ":0}', '{"images":5}', '{"images":5,"total":9}'].map((usage) => [withUsage(usage)]) },
    );
  });
});

/** Keys and values, those at the top by identity. */
function describeAll(attributes: object): unknown[] {
  return Reflect.ownKeys(attributes).map((key) => [key, Reflect.get(attributes, key)]);
}

/** What a person sees of an observation; spans and events lose the fields of a model call before v4. */
function shownIn(row: EventRow) {
  const isBare = row.type === 'SPAN' || row.type === 'EVENT';
  return {
    id: row.spanId,
    parent: row.parentSpanId ?? undefined,
    type: row.type,
    name: row.name,
    level: row.level,
    statusMessage: row.statusMessage ?? undefined,
    environment: row.environment,
    start: row.startTime,
    end: row.type === 'EVENT' ? undefined : row.endTime,
    input: row.input ?? undefined,
    output: row.output ?? undefined,
    model: isBare ? undefined : (row.model ?? undefined),
    parameters: isBare ? undefined : row.modelParameters,
    usage: isBare ? undefined : row.usageDetails,
    cost: isBare ? undefined : row.costDetails,
    prompt: isBare ? undefined : [row.promptName ?? undefined, row.promptVersion ?? undefined],
    first: isBare ? undefined : (row.completionStartTime ?? undefined),
  };
}

function withUsage(usage: string): SpanLike {
  const type = { 'langfuse.observation.type': 'generation' };
  return spanLike({ attributes: { ...type, 'langfuse.observation.usage_details': usage } });
}

function shownBy(event: IngestionEvent): ReturnType<typeof shownIn> {
  const { type, body } = event;
  const kind = type.replace('-create', '').toUpperCase();
  const isBare = kind === 'SPAN' || kind === 'EVENT';
  const field = <T>(name: string): T => body[name] as T;
  return {
    id: field('id'),
    parent: field('parentObservationId'),
    type: kind,
    name: field('name'),
    level: field('level'),
    statusMessage: field('statusMessage'),
    environment: field('environment'),
    start: field('startTime'),
    end: kind === 'EVENT' ? undefined : field('endTime'),
    input: field('input'),
    output: field('output'),
    model: isBare ? undefined : field('model'),
    parameters: isBare ? undefined : (field('modelParameters') ?? {}),
    // The server adds the total by both protocols, by this one when the event is stored.
    usage: isBare ? undefined : mergedUsage([event]),
    cost: isBare ? undefined : (field('costDetails') ?? {}),
    prompt: isBare ? undefined : [field('promptName'), field('promptVersion')],
    first: isBare ? undefined : field('completionStartTime'),
  };
}
