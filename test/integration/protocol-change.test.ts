import { describe, expect, it } from 'vitest';
import { noopLogger } from '../../src/index.js';
import { corpusSpans } from '../support/corpus-spans.js';
import { deliveriesAt, exporting } from '../support/exporting.js';
import type { Fault, LocalLangfuse } from '../support/local-langfuse/index.js';
import { postsTo } from '../support/posts.js';

const SPANS = corpusSpans();
const HALF = SPANS.length >> 1;
const INGESTION = '/api/public/ingestion';
const OTLP = '/api/public/otel/v1/traces';
const PAGE: Fault = { status: 404, body: '<!doctype html><title>404</title>', contentType: 'text/html' };

/** What a server says that does not take spans at an endpoint any more. */
const REFUSALS: readonly (readonly [string, Fault])[] = [
  ['a page with 404', PAGE],
  ['JSON with 404', { status: 404, body: { message: 'Not found' } }],
  ['405', { status: 405, body: { error: 'MethodNotAllowedError', message: 'Method not allowed' } }],
  [
    'a refusal of every event',
    { rejectEvents: () => ({ status: 400, message: 'Event type not accepted', error: 'events_only' }) },
  ],
];

const takenAt = (server: LocalLangfuse, path: string): number =>
  postsTo(server).filter((request) => request.path === path && request.status !== 404 && request.status !== 405).length;

describe('a server that stops taking ingestion events', () => {
  it.each(REFUSALS)('(with %s) gets the same spans by OTLP, each of them once', async (_, refusal) => {
    const warnings: string[] = [];
    const logger = { ...noopLogger, warn: (message: string) => void warnings.push(message) };
    const { server, processor, errors } = await exporting('v3.225', { logger });
    for (const span of SPANS.slice(0, HALF)) processor.onEnd(span);
    expect((await processor.flush()).delivered).toBe(HALF);
    expect([processor.status().protocol, takenAt(server, OTLP)]).toEqual(['ingestion', 0]);

    server.faults.route(INGESTION, refusal);
    for (const span of SPANS.slice(HALF)) processor.onEnd(span);
    expect(await processor.flush()).toMatchObject({ delivered: SPANS.length - HALF, rejected: 0, dropped: 0 });
    expect(processor.status().protocol).toBe('otlp');
    expect(takenAt(server, OTLP)).toBeGreaterThan(0);
    expect(deliveriesAt(server)).toEqual({ ids: SPANS.length, most: 1 });
    expect(server.observations()).toHaveLength(SPANS.length);
    expect(warnings).toEqual([expect.stringContaining('does not take spans by ingestion; sending them by otlp')]);
    expect(errors).toEqual([]);
  });
});

describe('a server that stops taking OTLP', () => {
  it.each(REFUSALS.slice(0, 3))('(with %s) gets the same spans by ingestion events', async (_, refusal) => {
    const { server, processor, errors } = await exporting('v4-dual');
    for (const span of SPANS.slice(0, HALF)) processor.onEnd(span);
    expect((await processor.flush()).delivered).toBe(HALF);
    expect(processor.status().protocol).toBe('otlp');

    server.faults.route(OTLP, refusal);
    for (const span of SPANS.slice(HALF)) processor.onEnd(span);
    expect(await processor.flush()).toMatchObject({ delivered: SPANS.length - HALF, rejected: 0, dropped: 0 });
    expect(processor.status().protocol).toBe('ingestion');
    expect(deliveriesAt(server)).toEqual({ ids: SPANS.length, most: 1 });
    expect(errors).toEqual([]);
  });
});

describe('a version that is not true', () => {
  it.each([
    ['v4-events-only', '3.225.4'],
    ['cloud', '2.95.12'],
    ['v2.95', '4.16.0'],
  ] as const)('(%s, which says %s) costs no span and shows none twice', async (profile, version) => {
    const { server, processor, errors } = await exporting(profile);
    server.faults.route('/api/public/health', { health: { version } });
    for (const span of SPANS) processor.onEnd(span);
    expect(await processor.flush()).toMatchObject({ delivered: SPANS.length, rejected: 0, dropped: 0 });
    expect(deliveriesAt(server)).toEqual({ ids: SPANS.length, most: 1 });
    expect(server.observations()).toHaveLength(SPANS.length);
    // Some of them have files in them, and v2 has nowhere to put those.
    expect(errors.filter(({ context }) => context.operation !== 'media')).toEqual([]);
  });
});
