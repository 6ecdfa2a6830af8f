import { describe, expect, it } from 'vitest';
import { translateSpans } from '../../../src/index.js';
import { toObservation } from '../../../src/translate/observation.js';
import { corpus } from '../../support/corpus.js';
import { toSpanLike } from '../../support/corpus-spans.js';
import { spanDataOf } from '../../support/otlp-span-data.js';

type Body = Readonly<Record<string, unknown>>;

/**
 * A trace as a v3 server shows it after these events: tags and metadata add up, time and environment are the first, of
 * others the later value wins, and absent ones do not.
 */
function tracesAfter(bodies: readonly Body[]): Map<unknown, Body> {
  const traces = new Map<unknown, Body>();
  for (const body of bodies) {
    const known = traces.get(body['id']) ?? {};
    const said = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined && value !== null));
    const tags = new Set([...listOf(known['tags']), ...listOf(said['tags'])]);
    traces.set(body['id'], {
      ...known,
      ...said,
      timestamp: known['timestamp'] ?? said['timestamp'],
      environment: known['environment'] ?? said['environment'],
      tags: [...tags].sort(),
      metadata: { ...(known['metadata'] as object | undefined), ...(said['metadata'] as object | undefined) },
    });
  }
  return traces;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const TRACES = corpus().flatMap(({ name, resourceSpans, serverEvents }) => {
  const bodiesOf = (events: readonly { readonly type: string; readonly timestamp: string; readonly body: Body }[]) =>
    events
      .filter(({ type }) => type === 'trace-create')
      .sort((a, b) => a.timestamp.localeCompare(b.timestamp))
      .map(({ body }) => body);
  const spans = spanDataOf(resourceSpans);
  const ours = tracesAfter(bodiesOf(translateSpans(spans.map(toSpanLike))));
  // What the root says itself: nothing inside it overrules that here.
  const ofRoots = new Map<unknown, Body>(
    spans
      .filter(({ parentSpanId }) => parentSpanId === undefined)
      .map((span) => [span.traceId, toObservation(span, {}).trace as Body]),
  );
  return [...tracesAfter(bodiesOf(serverEvents))].map(([id, server]) => ({
    where: `${name} / ${id}`,
    server,
    ours: ours.get(id) ?? {},
    ofRoot: ofRoots.get(id) ?? {},
  }));
});

/** `false` and nothing are the same publication. */
const said = (value: unknown): unknown => (value === false || value === null ? undefined : value);

describe('against the server’s own mapping, every recorded trace has', () => {
  it.each(['name', 'userId', 'sessionId', 'release', 'environment', 'public', 'timestamp'])(
    'the same %s, or that of its root, or one where the server knows none',
    (field) => {
      const worse = TRACES.filter(({ server, ours, ofRoot }) => {
        const theirs = said(server[field]);
        return theirs !== undefined && theirs !== said(ours[field]) && ours[field] !== ofRoot[field];
      });
      expect(worse.map(({ where, server, ours }) => [where, server[field], ours[field]])).toEqual([]);
    },
  );

  it('all its tags', () => {
    const missing = TRACES.filter(({ server, ours }) =>
      listOf(server['tags']).some((tag) => !listOf(ours['tags']).includes(tag)),
    );
    expect(missing).toEqual([]);
  });

  it('all keys of its metadata', () => {
    const missing = TRACES.flatMap(({ where, server, ours }) =>
      Object.keys(server['metadata'] as object)
        .filter((key) => !(key in (ours['metadata'] as object)))
        .map((key) => [where, key]),
    );
    expect(missing).toEqual([]);
  });

  it.each(['input', 'output'])('an %s where the server has one', (half) => {
    const missing = TRACES.filter(({ server, ours }) => Boolean(server[half]) && !ours[half]).map(({ where }) => where);
    expect(missing.filter((where) => !IS_EMPTY.test(where))).toEqual([]);
  });
});

/** `{}`, made of half a pair. */
const IS_EMPTY = /^(langsmith__traceable-error|traceloop-instrumentation-anthropic__error)/;
