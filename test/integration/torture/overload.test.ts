import { expect, it } from 'vitest';
import { startChild } from '../../support/child.js';
import { type RawRequest, rawLangfuse } from '../../support/raw-langfuse.js';

interface OtlpBody {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly traceId: string;
        readonly attributes: readonly { readonly key: string; readonly value: { readonly [kind: string]: unknown } }[];
      }[];
    }[];
  }[];
}

function spansIn({ body }: RawRequest) {
  const { resourceSpans } = JSON.parse(body) as OtlpBody;
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}

it('twenty times more than a server takes costs whole traces only, and little memory', async () => {
  const server = await rawLangfuse('4.16.0', (_, response) => {
    // Two requests of 100 spans at a time: 1,000 spans a second.
    setTimeout(() => response.end('{}'), 200);
  });
  const { lines, errors } = await startChild(new URL('./children/shed-traces.ts', import.meta.url), {
    env: {
      ...{ SECONDS: '8', PER_SECOND: '20000' },
      ...{ LANGFUSE_BASE_URL: server.baseUrl, LANGFUSE_PUBLIC_KEY: 'pk-lf-local', LANGFUSE_SECRET_KEY: 'sk-lf-local' },
    },
  }).ended;
  expect(errors).toBe('');
  const seen = JSON.parse(lines.at(-1) ?? '') as { readonly [name: string]: number };
  const { ended = 0, delivered = 0, sampledOut = 0, full = 0, mostUsed = 0, grownMb = 0 } = seen;
  expect([delivered + sampledOut, full]).toEqual([ended, 0]);
  expect(sampledOut).toBeGreaterThan(ended / 2);
  expect(mostUsed).toBeLessThanOrEqual(1);
  // 4,096 spans are a few megabytes; the rest is what the collector has not collected yet.
  expect(grownMb).toBeLessThan(300);
  const counts = new Map<string, number>();
  let adjusted = 0;
  for (const { traceId, attributes } of server.requests.flatMap(spansIn)) {
    counts.set(traceId, (counts.get(traceId) ?? 0) + 1);
    const count = attributes.find(
      ({ key }) => key === 'langfuse.observation.metadata.langfuse.sampling.adjusted_count',
    );
    adjusted += Number(count?.value['doubleValue'] ?? count?.value['intValue'] ?? 1);
  }
  expect([...counts.values()].filter((spans) => spans !== 10)).toEqual([]);
  expect(Math.abs(adjusted / ended - 1)).toBeLessThan(0.25);
}, 60_000);
