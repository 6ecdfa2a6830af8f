import { describe, expect, it } from 'vitest';
import { LangfuseError } from '../../../src/errors.js';
import type { CircuitBreakerStatus } from '../../../src/health.js';
import { CircuitLog } from '../../../src/runtime/circuit-log.js';
import { ErrorReporter } from '../../../src/runtime/error-reporter.js';
import { logLines } from '../../support/log-lines.js';
import { ManualClock } from '../../support/manual-clock.js';

const TROUBLE = new LangfuseError('API_ERROR', 'broken', { status: 500 });
const CONCERN = { operation: 'export', spanCount: 3, passes: true } as const;

function reporting() {
  const clock = new ManualClock();
  const { lines, logger } = logLines();
  const told: number[] = [];
  const reporter = new ErrorReporter(logger, clock, 'http://localhost', (_, { spanCount }) => told.push(spanCount));
  return { clock, lines, told, reporter };
}

describe('a failure', () => {
  it('that repeats is told every time, and logged once a minute', async () => {
    const { clock, lines, told, reporter } = reporting();
    for (let second = 0; second < 130; second++) {
      reporter.report(TROUBLE, CONCERN);
      await clock.advance(1_000);
    }
    expect(told).toHaveLength(130);
    expect(lines).toHaveLength(3);
  });

  it('that passes is followed by a line that says so, once', () => {
    const { lines, reporter } = reporting();
    reporter.succeeded(false);
    reporter.report(TROUBLE, CONCERN);
    reporter.succeeded(false);
    reporter.succeeded(true);
    expect(lines).toEqual(['error: export failed: API_ERROR: broken', 'warn: Langfuse takes spans again']);
  });

  it('that is final is not', () => {
    const { lines, reporter } = reporting();
    reporter.report(TROUBLE, { ...CONCERN, passes: false });
    reporter.succeeded(false);
    expect(lines).toHaveLength(1);
  });

  it('is logged at once after the end of an outage, not after a single success', () => {
    const { lines, reporter } = reporting();
    for (const isOver of [false, true, true]) {
      reporter.report(TROUBLE, CONCERN);
      reporter.succeeded(isOver);
    }
    expect(lines.filter((line) => line.startsWith('error'))).toHaveLength(2);
  });
});

describe('the log of the circuit', () => {
  it('says when an outage begins, once, however often it is tried meanwhile', () => {
    const { lines, logger } = logLines();
    const seen: string[] = [];
    const log = new CircuitLog(logger, ({ state }) => seen.push(state));
    const status = { failures: 5, lastFailure: undefined, openUntil: undefined, reason: 'failures' } as const;
    const states: CircuitBreakerStatus['state'][] = [
      'open',
      'half-open',
      'open',
      'half-open',
      'closed',
      'open',
      'hold',
    ];
    for (const state of states) log.changed({ ...status, state });
    expect(seen).toEqual(states);
    expect(lines).toEqual(Array(2).fill('warn: Langfuse fails: spans are kept until it takes them again'));
  });
});
