import { describe, expect, it } from 'vitest';
import type { ErrorContext, LangfuseError } from '../../../src/errors.js';
import { MaskFailures } from '../../../src/redact/mask-failures.js';
import { ErrorReporter } from '../../../src/runtime/error-reporter.js';
import { logLines } from '../../support/log-lines.js';
import { ManualClock } from '../../support/manual-clock.js';

function failing() {
  const clock = new ManualClock();
  const { lines, logger } = logLines();
  const told: { readonly error: LangfuseError; readonly context: ErrorContext }[] = [];
  const reporter = new ErrorReporter(logger, clock, 'http://localhost', (error, context) =>
    told.push({ error, context }),
  );
  return { clock, lines, told, failures: new MaskFailures(reporter, clock) };
}

describe('failures of a mask', () => {
  it('are told once a minute for each kind, with the spans since', async () => {
    const { failures, clock, told } = failing();
    for (const span of ['1', '2', '3']) for (const key of ['input', 'output']) failures.add('failed', key, span, 'x');
    failures.add('late', 'input', '4', undefined);
    expect(told.map(({ error, context }) => [error.code, error.details['key'], context.spanIds])).toEqual([
      ['INTERNAL_ERROR', 'input', ['1']],
      ['TIMEOUT_ERROR', 'input', ['4']],
    ]);
    await clock.advance(60_000);
    failures.add('failed', 'input', '5', 'x');
    expect(told.at(-1)?.context).toMatchObject({ operation: 'mask', spanCount: 3, spanIds: ['5'] });
    expect(failures.withheld).toBe(8);
  });

  it('say where the exception was thrown, and nothing of what it says', () => {
    const { failures, told, lines } = failing();
    try {
      JSON.parse('"my SECRET');
    } catch (thrown) {
      failures.add('failed', 'input', '1', thrown);
    }
    const [only] = told;
    expect(only?.error.details).toMatchObject({
      thrown: 'SyntaxError',
      at: expect.stringMatching(/^at .*:\d+:\d+\)?$/),
    });
    expect(JSON.stringify([only?.error, only?.error.message, only?.error.cause, lines])).not.toContain('SECRET');
  });
});
