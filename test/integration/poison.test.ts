import { describe, expect, it } from 'vitest';
import { exporting } from '../support/exporting.js';
import type { Fault, LocalLangfuse } from '../support/local-langfuse/index.js';
import { spanId } from '../support/observations.js';
import { spanLike } from '../support/spans.js';

const POISON = 250;

/** What the server does, for ever, with the one span. */
const FAILURES: readonly (readonly [string, 'v2.95' | 'v4-events-only', (server: LocalLangfuse) => void])[] = [
  ['whole request 500', 'v2.95', (server) => server.faults.when(({ text }) => text.includes('the bad one'), FAILED)],
  [
    'whole request 500',
    'v4-events-only',
    (server) => server.faults.when(({ text }) => text.includes('the bad one'), FAILED),
  ],
  [
    '207 entry 500',
    'v2.95',
    (server) =>
      server.faults.always({
        rejectEvents: ({ type, body }) =>
          type !== 'trace-create' && body['name'] === 'the bad one'
            ? { status: 500, error: 'Internal Server Error' }
            : undefined,
      }),
  ],
];
const FAILED: Fault = { status: 500, body: { message: 'Internal Server Error' } };

describe.each(FAILURES)('a span with which there is always (%s) on %s', (_, profile, fail) => {
  it.each([100, 512])(
    'costs itself among 500, %i a batch, and nobody else',
    async (flushAt) => {
      const { server, processor, errors } = await exporting(profile, {
        flushAt,
        flushInterval: 0.3,
        circuitBreaker: { openMs: { initial: 50, max: 200 } },
      });
      fail(server);
      const traceOf = (n: number): string => (1 + (n % 7)).toString(16).padStart(32, '0');
      for (let n = 1; n <= 500; n++) {
        const name = n === POISON ? 'the bad one' : `span ${n}`;
        processor.onEnd(spanLike({ id: spanId(n), traceId: traceOf(n), name, parentSpanContext: PARENT }));
      }
      expect(await processor.flush()).toMatchObject({ delivered: 499, rejected: 1, pending: 0, dropped: 0 });
      expect(processor.status().circuit.state).toBe('closed');
      expect(server.observations()).toHaveLength(499);
      const [rejection] = errors.filter(({ error }) => error.message.includes('for good'));
      expect(rejection?.error.message).toContain(`span ${spanId(POISON)} of trace ${traceOf(POISON)} fails each time`);
      expect(rejection?.context.spanIds).toEqual([spanId(POISON)]);
    },
    60_000,
  );
});

const PARENT = { traceId: '1'.repeat(32), spanId: 'f'.repeat(16), traceFlags: 1 };
