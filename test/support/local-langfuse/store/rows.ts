import type { EventRow, LocalObservation, LocalTrace } from '../model.js';
import type { Profile } from '../profiles.js';
import { shown } from './field-rules.js';
import { shownValues } from './metadata.js';
import { withTotalCost } from './usage.js';

/** A v4 row as tests see it; input and output parsed, although v4's own API leaves them text. */
export function observationOfRow(row: EventRow, profile: Profile): LocalObservation {
  const { spanId, parentSpanId, costDetails, input, output, metadata, ...same } = row;
  return {
    ...same,
    id: spanId,
    parentObservationId: parentSpanId || null,
    costDetails: Object.keys(costDetails).length > 0 ? withTotalCost(costDetails, profile) : {},
    input: shown(input),
    output: shown(output),
    metadata: shownValues(metadata),
  };
}

/** v4 has no traces: the root row speaks for all, and where it is silent the first row that does not. */
export function traceOfRows(rows: readonly EventRow[]): LocalTrace | undefined {
  const root = rows.find((row) => !row.parentSpanId) ?? rows.find((row) => row.isAppRoot) ?? rows[0];
  if (!root) return undefined;
  const all = [root, ...rows];
  const first = <K extends keyof EventRow>(key: K): EventRow[K] => all.find((row) => row[key])?.[key] ?? root[key];
  return {
    id: root.traceId,
    timestamp: rows.map(({ startTime }) => startTime).sort()[0] ?? root.startTime,
    name: first('traceName') ?? root.name,
    userId: first('userId'),
    sessionId: first('sessionId'),
    tags: [...new Set(rows.flatMap(({ tags }) => tags))].sort(),
    public: rows.some((row) => row.public),
    environment: root.environment,
    release: first('release'),
    version: first('version'),
    input: shown(root.input),
    output: shown(root.output),
    metadata: shownValues(root.metadata),
  };
}
