import type { SpanData } from '../../../src/span.js';
import { corpus } from '../corpus.js';
import { spanDataOf } from '../otlp-span-data.js';
import type { ConventionCase } from './convention-case.js';

const ORDINARY: SpanData = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  parentIsRemote: false,
  name: 'work',
  kind: 0,
  startTime: [1_790_000_000, 0],
  endTime: [1_790_000_002, 0],
  status: { code: 0 },
  attributes: {},
  events: [],
  links: [],
  resource: { attributes: {} },
  scope: { name: 'my-app' },
};

export function spanOf({ span, recorded }: ConventionCase): SpanData {
  if (recorded === undefined) return { ...ORDINARY, ...span };
  const run = corpus().find(({ name }) => name === recorded.run);
  const spans = run ? spanDataOf(run.resourceSpans).filter(({ name }) => name.startsWith(recorded.span)) : [];
  const found = spans[recorded.nth ?? 0];
  if (found === undefined) throw new Error(`no span ${recorded.span} in ${recorded.run}`);
  return found;
}
