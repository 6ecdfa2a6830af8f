import { toRecord } from '../../src/encode/record.js';
import type { Observation } from '../../src/model.js';
import type { ObservationRecord } from '../../src/record.js';
import { TraceMemory } from '../../src/translate/trace-memory.js';

const RESOURCE = { attributes: { 'service.name': 'test' } };
const SCOPE = { name: 'test-scope', version: '1.2.3' };

/** A complete observation; what a test is about it says itself. */
export function observation(over: Partial<Observation> = {}): Observation {
  return {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    id: 'b7ad6b7169203331',
    position: 'trace',
    type: 'span',
    name: 'work',
    startTime: [1_790_000_000, 0],
    endTime: [1_790_000_001, 500_000_000],
    level: 'DEFAULT',
    environment: 'default',
    metadata: {},
    attributes: {},
    events: [],
    links: [],
    kind: 0,
    statusCode: 0,
    resource: RESOURCE,
    scope: SCOPE,
    trace: {},
    ...over,
  };
}

export function record(over: Partial<Observation> = {}, memory: TraceMemory = new TraceMemory()): ObservationRecord {
  const made = observation(over);
  return toRecord(made, memory.update(made));
}

/** A span id made from a number. */
export function spanId(n: number): string {
  return n.toString(16).padStart(16, '0');
}
