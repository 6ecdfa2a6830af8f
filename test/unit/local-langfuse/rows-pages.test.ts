import { describe, expect, it } from 'vitest';
import { otlpExport } from '../../support/otlp-export.js';
import { call } from './client.js';
import { served } from './served.js';

interface Page {
  readonly data: readonly { readonly id: string }[];
  readonly meta: { readonly cursor?: string };
}

const TRACE = '83d71a89db8a92d2504f210fc5f3733d';

describe('the route of the rows of v4', () => {
  it('shows 50 at a time unless asked for more, and where the next page begins', async () => {
    const langfuse = await served('v4-events-only');
    const spans = Array.from({ length: 120 }, (_, n) => ({ span: { spanId: n.toString(16).padStart(16, '0') } }));
    const headers = { 'content-type': 'application/json', 'x-langfuse-ingestion-version': '4' };
    const body = JSON.stringify(otlpExport(...spans));
    expect((await call(langfuse, '/api/public/otel/v1/traces', { method: 'POST', headers, body })).status).toBe(200);
    const path = `/api/public/v2/observations?traceId=${TRACE}`;
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = (await call(langfuse, cursor ? `${path}&cursor=${cursor}` : path)).json<Page>();
      expect(page.data.length).toBeLessThanOrEqual(50);
      ids.push(...page.data.map(({ id }) => id));
      cursor = page.meta.cursor;
    } while (cursor !== undefined);
    expect(new Set(ids).size).toBe(120);
    const all = (await call(langfuse, `${path}&limit=1000`)).json<Page>();
    expect([all.data.length, all.meta]).toEqual([120, {}]);
  });

  it('shows what was sent twice two times', async () => {
    const langfuse = await served('v4-events-only');
    const headers = { 'content-type': 'application/json' };
    for (let n = 0; n < 2; n++)
      await call(langfuse, '/api/public/otel/v1/traces', {
        method: 'POST',
        headers,
        body: JSON.stringify(otlpExport({})),
      });
    const page = (await call(langfuse, `/api/public/v2/observations?traceId=${TRACE}`)).json<Page>();
    expect(page.data).toHaveLength(2);
  });
});

describe('an answer that gets lost in a proxy', () => {
  it('is to a request that was processed', async () => {
    const langfuse = await served('v4-events-only');
    langfuse.faults.next(1, { status: 504, afterCommit: true });
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(otlpExport({}));
    expect((await call(langfuse, '/api/public/otel/v1/traces', { method: 'POST', headers, body })).status).toBe(504);
    expect(langfuse.observations()).toHaveLength(1);
  });
});
