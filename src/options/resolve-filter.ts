import type { SpanLike, SpanTest } from '../span.js';
import * as check from './check.js';
import type { Config } from './config.js';
import type { ShouldExportSpan, SpanPattern } from './filter-options.js';
import type { LangfuseOptions } from './options.js';

const OPTION = 'shouldExportSpan';
const REMEDY = 'give a function of { otelSpan } that returns a boolean, or { include, exclude }';
const RULE_REMEDY =
  "give a function of { otelSpan }, the name of a scope, or { scope, name, attribute }, e.g. { name: 'healthcheck' }";
const PARTS = ['scope', 'name', 'attribute'] as const;
const SIDES = ['include', 'exclude'] as const;

/** Makes one question out of each rule. */
export function resolveFilter({ shouldExportSpan: given }: LangfuseOptions): Config['filter'] {
  if (given === undefined) return { include: [], exclude: [] };
  if (typeof given === 'function') return { decides: asked(given) };
  const unknown = isPlain(given) ? Object.keys(given).find((key) => !isOneOf(SIDES, key)) : undefined;
  if (!isPlain(given))
    throw check.validationError(OPTION, given, {
      problem: 'must be a function or { include, exclude }',
      remedy: REMEDY,
    });
  if (unknown !== undefined) {
    throw check.validationError(`${OPTION}.${unknown}`, given[unknown], { problem: 'is not known', remedy: REMEDY });
  }
  return { include: testsOf('include', given['include']), exclude: testsOf('exclude', given['exclude']) };
}

function testsOf(side: string, given: unknown): readonly SpanTest[] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) return [testOf(`${OPTION}.${side}`, given)];
  return given.map((rule, place) => testOf(`${OPTION}.${side}[${place}]`, rule));
}

function testOf(option: string, rule: unknown): SpanTest {
  if (typeof rule === 'function') return asked(rule as ShouldExportSpan);
  if (typeof rule === 'string' && rule !== '') return (span) => scopeOf(span) === rule;
  if (isPlain(rule)) return patternTest(option, rule);
  throw check.validationError(option, rule, { problem: 'must be a rule', remedy: RULE_REMEDY });
}

function asked(decides: ShouldExportSpan): SpanTest {
  return (otelSpan) => decides({ otelSpan });
}

function patternTest(option: string, pattern: SpanPattern): SpanTest {
  const keys = Object.keys(pattern);
  const wrong = keys.find((key) => !isOneOf(PARTS, key));
  if (wrong !== undefined || keys.length === 0) {
    throw check.validationError(option, pattern, {
      problem: wrong === undefined ? 'must name a scope, a name or an attribute' : `has an unknown part ${wrong}`,
      remedy: RULE_REMEDY,
    });
  }
  const [scope, name, attribute] = PARTS.map((part) => fits(`${option}.${part}`, pattern[part]));
  return (span) =>
    (scope?.(scopeOf(span)) ?? true) &&
    (name?.(span.name) ?? true) &&
    (attribute === undefined || Object.keys(span.attributes).some(attribute));
}

function fits(option: string, part: string | RegExp | undefined): ((text: string) => boolean) | undefined {
  if (part === undefined) return undefined;
  if (typeof part === 'string') return (text) => text === part;
  if (part instanceof RegExp) {
    // A flag that makes an expression remember where it stopped would let it fit every other span only.
    const expression = new RegExp(part.source, part.flags.replace(/[gy]/g, ''));
    return (text) => expression.test(text);
  }
  throw check.validationError(option, part, { problem: 'must be a text or an expression', remedy: RULE_REMEDY });
}

function scopeOf({ instrumentationScope, instrumentationLibrary }: SpanLike): string {
  return instrumentationScope?.name ?? instrumentationLibrary?.name ?? '';
}

function isPlain(value: unknown): value is Readonly<{ [key: string]: never }> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof RegExp);
}

function isOneOf(names: readonly string[], name: string): boolean {
  return names.includes(name);
}
