import { describe, expect, it } from 'vitest';
import { corpus } from '../../support/corpus.js';
import { toSpanLike } from '../../support/corpus-spans.js';
import { exporting } from '../../support/exporting.js';
import type { ProfileName } from '../../support/local-langfuse/index.js';
import { logRecordsOf, spanDataOf } from '../../support/otlp-span-data.js';

const PROFILES: readonly ProfileName[] = ['v3.225', 'v4-events-only'];

describe.each(PROFILES)('recorded log records, at a server of %s', (profile) => {
  const RUNS = corpus().filter(({ resourceLogs }) => resourceLogs !== undefined);

  it.each(RUNS)('of $name make the conversation of their span', async ({ resourceSpans, resourceLogs }) => {
    const world = await exporting(profile, { shouldExportSpan: undefined });
    const logs = world.processor.logRecordProcessor();
    const records = logRecordsOf(resourceLogs);
    for (const record of records) logs.onEmit(record);
    for (const data of spanDataOf(resourceSpans)) world.processor.onEnd(toSpanLike(data));
    await world.processor.flush();
    const texts = canonical(world.server.observations().map(({ input, output }) => [input, output]));
    for (const text of textsIn(records)) expect(texts).toContain(canonical(text));
    expect(world.processor.status().counters.logs).toMatchObject({ joined: records.length });
    for (const { metadata } of world.server.observations()) expect(metadata).not.toHaveProperty('events');
  });
});

/** JSON in which text that is JSON is what it describes, however deep it stands: servers show it one way or the other. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'string' && /^[[{]/.test(inner) ? JSON.parse(inner) : inner,
  );
}

/** Every content of a message and every argument of a call in these records. */
function textsIn(value: unknown, key = ''): readonly string[] {
  if (typeof value === 'string') return key === 'content' || key === 'query' ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => textsIn(inner, name));
}
