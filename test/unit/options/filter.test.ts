import { describe, expect, it } from 'vitest';
import type { LangfuseOptions } from '../../../src/index.js';
import { resolveFilter } from '../../../src/options/resolve-filter.js';
import { spanLike } from '../../support/spans.js';

const filterOf = (shouldExportSpan: unknown) =>
  resolveFilter({ shouldExportSpan: shouldExportSpan as LangfuseOptions['shouldExportSpan'] });

/** Whether the one rule that is excluded fits the span. */
function fits(rule: unknown, span = spanLike()): unknown {
  const filter = filterOf({ exclude: rule });
  return 'exclude' in filter ? filter.exclude.map((test) => test(span)) : filter;
}

describe('shouldExportSpan', () => {
  it('is empty rules when it is not given', () => {
    expect(filterOf(undefined)).toEqual({ include: [], exclude: [] });
  });

  it('hands a function the span as otelSpan', () => {
    const span = spanLike();
    const filter = filterOf(({ otelSpan }: { otelSpan: unknown }) => otelSpan === span);
    expect('decides' in filter && filter.decides(span)).toBe(true);
  });

  it.each([
    ['test-scope', true],
    ['test', false],
    [{ scope: 'test-scope' }, true],
    [{ scope: /^test/ }, true],
    [{ name: 'work', scope: 'test-scope' }, true],
    [{ name: 'work', scope: 'other' }, false],
    [{ name: /^wor/g }, true],
    [{ attribute: 'app.key' }, true],
    [{ attribute: /^app\./ }, true],
    [{ attribute: 'app' }, false],
    [() => true, true],
  ])('has a rule %o that fits: %s', (rule, expected) => {
    const span = spanLike({ attributes: { 'app.key': 1 } });
    expect([fits(rule, span), fits(rule, span)]).toEqual([[expected], [expected]]);
  });

  it('takes several rules', () => {
    expect(fits(['other', { name: 'work' }])).toEqual([false, true]);
  });

  it.each([
    [
      'text',
      /^VALIDATION_ERROR: shouldExportSpan must be a function or \{ include, exclude \}, got "text"; give a function/,
    ],
    [[], /shouldExportSpan must be/],
    [null, /shouldExportSpan must be/],
    [{ keep: 'x' }, /shouldExportSpan\.keep is not known/],
    [{ include: 7 }, /shouldExportSpan\.include must be a rule, got 7; give a function of \{ otelSpan \}/],
    [{ include: '' }, /shouldExportSpan\.include must be a rule/],
    [{ exclude: ['ok', /x/] }, /shouldExportSpan\.exclude\[1\] must be a rule/],
    [{ exclude: { kind: 'server' } }, /shouldExportSpan\.exclude has an unknown part kind/],
    [{ exclude: {} }, /shouldExportSpan\.exclude must name a scope, a name or an attribute/],
    [{ exclude: { name: 7 } }, /shouldExportSpan\.exclude\.name must be a text or an expression, got 7/],
  ])('refuses %o and says what to give', (given, message) => {
    expect(() => filterOf(given)).toThrow(message);
  });
});
