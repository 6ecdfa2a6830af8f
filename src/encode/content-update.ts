import { toCleanText } from '../json-text.js';
import type { Observation } from '../model.js';
import type { ServerTraits } from '../ports.js';
import type { ContentUpdate, Json } from '../record.js';
import { toEnvironment, WireChanges } from '../wire-rules.js';
import { toSpanId, toTraceId } from './ids.js';
import { structureIn } from './ingestion.js';
import { toJson } from './json.js';
import { toIso } from './time.js';

/**
 * What is told to a server that has the observation, and merges. Only spans and generations can be updated: of the other
 * types the server knows no update. What is mended in it is not marked: servers merge lists item by item, so that the
 * words of an update would take the place of those that came with the span.
 */
export function toContentUpdate(observation: Observation, wallMs: number): ContentUpdate | undefined {
  const { type, input, output } = observation;
  if ((type !== 'generation' && type !== 'span') || (input ?? output) === undefined) return undefined;
  const changes = new WireChanges();
  // The record of the span has told of these, which are the same in it.
  const told = new WireChanges();
  const traceId = toTraceId(observation.traceId, told);
  const spanId = toSpanId(observation.id, told);
  return {
    id: `${traceId}-${spanId}-content-${wallMs}`,
    type: `${type}-update`,
    timestamp: new Date(wallMs).toISOString(),
    traceId,
    spanId,
    startTime: toIso(observation.startTime),
    environment: toEnvironment(observation.environment, told),
    input: contentOf(input, changes),
    output: contentOf(output, changes),
    changed: changes.kinds,
  };
}

function contentOf(value: unknown, changes: WireChanges): string | undefined {
  return typeof value === 'string' ? toCleanText(value, changes) : toJson(value, changes);
}

/** The body of one request to `POST /api/public/ingestion`. */
export function writeUpdates(updates: readonly ContentUpdate[], traits: ServerTraits): Json {
  return `{"batch":[${updates.map((update) => eventOf(update, traits)).join(',')}]}`;
}

function eventOf({ id, type, timestamp, input, output, ...update }: ContentUpdate, traits: ServerTraits): Json {
  const { spanId, traceId, startTime, environment } = update;
  const body = JSON.stringify({ id: spanId, traceId, startTime, environment });
  const content = contentField('input', input, traits) + contentField('output', output, traits);
  const frame = JSON.stringify({ id, type, timestamp });
  return `${frame.slice(0, -1)},"body":${body.slice(0, -1)}${content}}}`;
}

function contentField(name: string, text: string | undefined, { wantsStructures }: ServerTraits): Json {
  if (text === undefined) return '';
  return `,"${name}":${(wantsStructures ? structureIn(text) : undefined) ?? JSON.stringify(text)}`;
}
